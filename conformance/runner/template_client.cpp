#include "runner/template_client.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <system_error>

#include "catalogue/catalogue.hpp"
#include "runner/preload.hpp"
#include "runner/replay_token.hpp"
#include "runner/template_process.hpp"

namespace heddle::conformance {
namespace {

constexpr off_t output_size = 1 << 20;
constexpr off_t output_kept = 4096;
constexpr int rounds_while_running = 6;

// A file in memory that cannot grow: a case that prints without end gets EPERM, and costs nothing.
// It is opened by its name: what memfd_create returns has an offset that the kernel does not lock,
// and threads that write at one time would write over each other.
Descriptor memory_file(const char* name, off_t size) {
  const Descriptor made(::memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (made.get() < 0 || ::ftruncate(made.get(), size) != 0 ||
      ::fcntl(made.get(), F_ADD_SEALS, F_SEAL_GROW | F_SEAL_SHRINK) != 0) {
    throw std::system_error(errno, std::generic_category(), "memfd_create");
  }
  const auto path = fmt::format("/proc/self/fd/{}", made.get());
  Descriptor file(::open(path.c_str(), O_RDWR | O_CLOEXEC));
  if (file.get() < 0) {
    throw std::system_error(errno, std::generic_category(), path);
  }
  return file;
}

bool any_runs(const std::vector<std::string>& threads) {
  return std::any_of(threads.begin(), threads.end(),
                     [](const std::string& thread) { return thread.ends_with(activity_running); });
}

void keep_over_exec(int descriptor) {
  // Both calls take any open descriptor: they cannot fail here.
  static_cast<void>(::fcntl(descriptor, F_SETFD, 0));
}

std::string text_of(const std::array<char, Evidence::maximum_text>& field) {
  return {field.data(), ::strnlen(field.data(), field.size())};
}

void clear(Evidence& evidence) {
  const std::uint32_t used =
      std::min<std::uint32_t>(evidence.event_count.load(), Evidence::maximum_events);
  for (std::uint32_t index = 0; index < used; ++index) {
    evidence.events[index].ready.store(0);
  }
  for (auto* const flag :
       {&evidence.began, &evidence.finished, &evidence.death_due, &evidence.failure_claimed,
        &evidence.failed, &evidence.excused, &evidence.internal, &evidence.event_count}) {
    flag->store(0);
  }
  evidence.fault_reached.store(0);
  evidence.fault_fired.store(0);
}

std::vector<std::string> timeline_of(const Evidence& evidence) {
  const std::uint32_t count = evidence.event_count.load();
  const std::uint32_t kept = std::min<std::uint32_t>(count, Evidence::maximum_events);
  std::vector<std::string> lines;
  for (std::uint32_t position = count - kept; position < count; ++position) {
    const Event& event = evidence.events[position % Evidence::maximum_events];
    if (event.ready.load() != 0) {
      lines.push_back(fmt::format("thread {}: {}", event.thread, event.text.data()));
    }
  }
  return lines;
}

}  // namespace

struct TemplateClient::Shared {
  Descriptor evidence_file = memory_file("heddle-evidence", sizeof(Evidence));
  Descriptor output_file = memory_file("heddle-output", output_size);
  Evidence* evidence = nullptr;

  Shared() {
    void* const memory = ::mmap(nullptr, sizeof(Evidence), PROT_READ | PROT_WRITE, MAP_SHARED,
                                evidence_file.get(), 0);
    if (memory == MAP_FAILED) {
      throw std::system_error(errno, std::generic_category(), "mmap of the evidence");
    }
    evidence = static_cast<Evidence*>(memory);
  }
  Shared(const Shared&) = delete;
  Shared& operator=(const Shared&) = delete;
  ~Shared() { static_cast<void>(::munmap(evidence, sizeof(Evidence))); }  // mapped above

  // The file's offset is shared with the case, so it tells how much was printed.
  std::string output() const {
    const off_t length = ::lseek(output_file.get(), 0, SEEK_CUR);
    const off_t from = std::max<off_t>(0, length - output_kept);
    std::string text(static_cast<std::size_t>(std::max<off_t>(0, length - from)), '\0');
    const ssize_t got = ::pread(output_file.get(), text.data(), text.size(), from);
    text.resize(static_cast<std::size_t>(std::max<ssize_t>(0, got)));
    return text;
  }

  void reset() {
    clear(*evidence);
    static_cast<void>(::lseek(output_file.get(), 0, SEEK_SET));  // a memory file: cannot fail
  }
};

TemplateClient::TemplateClient(pid_t process, MessageSocket socket, std::unique_ptr<Shared> shared)
    : process_(process), socket_(std::move(socket)), shared_(std::move(shared)) {}

TemplateClient::~TemplateClient() {
  // Its cases die with it (PR_SET_PDEATHSIG). It may be gone already: then there is nothing to do.
  static_cast<void>(::kill(process_, SIGKILL));
  static_cast<void>(::waitpid(process_, nullptr, 0));
}

std::unique_ptr<TemplateClient> TemplateClient::launch(const SubjectFile& subject,
                                                       Injector injector, bool load_in_case) {
  auto shared = std::make_unique<Shared>();
  auto [ours, theirs] = MessageSocket::pair();
  const std::string program = subject.program ? subject.path : own_executable();
  const std::array<std::string, 7> arguments = {program,
                                                std::string(template_option),
                                                std::to_string(theirs.descriptor()),
                                                std::to_string(shared->evidence_file.get()),
                                                std::to_string(shared->output_file.get()),
                                                load_in_case ? "load-in-case" : "load-once",
                                                subject.program ? "" : subject.path};
  const Preload preload(injector == Injector::preloaded ? injector_shim() : std::string());
  const pid_t process = ::fork();
  if (process < 0) {
    throw std::system_error(errno, std::generic_category(), "fork");
  }
  if (process == 0) {
    for (const int descriptor :
         {theirs.descriptor(), shared->evidence_file.get(), shared->output_file.get()}) {
      keep_over_exec(descriptor);
    }
    preload.apply();
    std::array<char*, 8> argv{};
    std::transform(arguments.begin(), arguments.end(), argv.begin(),
                   [](const std::string& text) { return const_cast<char*>(text.c_str()); });
    ::execv(program.c_str(), argv.data());
    static_cast<void>(
        theirs.send({{"refused", fmt::format("it cannot be started: {}", std::strerror(errno))}}));
    ::_exit(127);
  }
  return std::unique_ptr<TemplateClient>(
      new TemplateClient(process, std::move(ours), std::move(shared)));
}

tl::expected<std::unique_ptr<TemplateClient>, std::string> TemplateClient::start(
    const SubjectFile& subject, Injector injector, std::chrono::milliseconds deadline) {
  auto client = launch(subject, injector, false);
  if (const auto described = client->await_description(subject, deadline); !described) {
    return tl::unexpected(
        fmt::format("the subject {} is refused: {}", subject.given, described.error()));
  }
  if (client->has_threads_) {
    auto again = launch(subject, injector, true);
    again->description_ = client->description_;
    again->loads_in_case_ = true;
    return again;
  }
  return client;
}

tl::expected<void, std::string> TemplateClient::await_description(
    const SubjectFile& subject, std::chrono::milliseconds deadline) {
  std::string where = subject.program ? "before it called heddle_conform_main" : "at its start";
  const auto until = MessageSocket::Clock::now() + deadline;
  for (;;) {
    const auto message = socket_.receive(until);
    if (!message) {
      if (message.error() == Silence::interrupted) {
        continue;
      }
      return tl::unexpected(
          message.error() == Silence::timeout
              ? fmt::format("it hung {}: no answer within {} ms", where, deadline.count())
              : describe_death(where));
    }
    if (message->contains("progress")) {
      where = message->at("progress").get<std::string>();
    } else if (message->contains("refused")) {
      return tl::unexpected(message->at("refused").get<std::string>());
    } else if (message->at("catalogue").get<std::string>() != catalogue_hash()) {
      return tl::unexpected(
          std::string("it hosts another version of the suite; build it against this one"));
    } else {
      description_ = message->at("described").get<Description>();
      has_threads_ = message->at("threads").get<bool>();
      return {};
    }
  }
}

std::string TemplateClient::describe_death(const std::string& where) {
  int status = 0;
  alive_ = false;
  if (::waitpid(process_, &status, 0) != process_) {
    return fmt::format("it was lost {}", where);
  }
  if (WIFSIGNALED(status)) {
    return fmt::format("it crashed {}: {}", where, ::strsignal(WTERMSIG(status)));
  }
  return fmt::format("it ended with status {} {}", WEXITSTATUS(status), where);
}

CaseResult TemplateClient::run(const Clause& clause, const Program& program,
                               std::chrono::milliseconds deadline) {
  using std::chrono::duration_cast;
  const auto lost = [this](const std::string& why) {
    alive_ = false;
    CaseResult result;
    result.lost = true;
    result.excuse = why;
    return result;
  };
  shared_->reset();
  const auto began = MessageSocket::Clock::now();
  if (!socket_.send({{"clause", clause.id}, {"program", program_to_hex(program)}})) {
    return lost("the template process is gone");
  }
  const auto started = socket_.receive();
  if (!started) {
    return lost("the template process is gone");
  }
  if (started->contains("no_process")) {
    return lost("no process for the case: " + started->at("no_process").get<std::string>());
  }
  const pid_t child = started->at("started").get<pid_t>();
  auto ended = socket_.receive(began + deadline);
  bool timed_out = false;
  std::vector<std::string> threads;
  // On an overloaded machine a case may only be waiting for a processor. So one that has something
  // to run gets more time before it is called hung.
  for (int round = 1; round < rounds_while_running && !ended && !timed_out; ++round) {
    threads = threads_of_process(child);
    timed_out = !any_runs(threads);
    if (!timed_out) {
      ended = socket_.receive(MessageSocket::Clock::now() + deadline);
    }
  }
  if (!ended && ended.error() == Silence::timeout) {
    timed_out = true;
    threads = threads_of_process(child);
    // The child is not reaped before we say so: the number is still its own.
    static_cast<void>(::kill(child, SIGKILL));
    ended = socket_.receive();
  }
  if (!ended) {
    return lost("the template process is gone");
  }
  CaseResult result = collect();
  result.timed_out = timed_out;
  result.threads = std::move(threads);
  result.duration = duration_cast<std::chrono::milliseconds>(MessageSocket::Clock::now() - began);
  (ended->at("code").get<int>() == CLD_EXITED ? result.status : result.signal) =
      ended->at("status").get<int>();
  // What the case has left behind, if anything; its group has its number until it is reaped.
  static_cast<void>(::kill(-child, SIGKILL));
  if (!socket_.send({{"reap", child}})) {
    alive_ = false;
  }
  return result;
}

CaseResult TemplateClient::collect() const {
  const Evidence& evidence = *shared_->evidence;
  CaseResult result;
  result.began = evidence.began.load() != 0;
  result.finished = evidence.finished.load() != 0;
  result.death_due = evidence.death_due.load() != 0;
  result.failed = evidence.failed.load() != 0;
  result.excused = evidence.excused.load() != 0;
  result.internal = evidence.internal.load() != 0;
  if (result.failed) {
    result.expected = text_of(evidence.expected);
    result.happened = text_of(evidence.happened);
  }
  if (result.excused) {
    result.excuse = text_of(evidence.excuse);
  }
  result.fault_reached = evidence.fault_reached.load();
  result.fault_fired = evidence.fault_fired.load();
  result.timeline = timeline_of(evidence);
  result.output = shared_->output();
  return result;
}

}  // namespace heddle::conformance
