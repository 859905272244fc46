#include "runner/template_client.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <iterator>
#include <system_error>

#include "catalogue/catalogue.hpp"
#include "process/process_state.hpp"
#include "runner/case_watch.hpp"
#include "runner/default_state.hpp"
#include "runner/description_json.hpp"
#include "runner/interruption.hpp"
#include "runner/preload.hpp"
#include "runner/replay_token.hpp"
#include "runner/strays.hpp"
#include "runner/template_process.hpp"

namespace heddle::conformance {
namespace {

// Where a template is before it has anything to do with the subject.
constexpr std::string_view at_its_start = "at its start";
constexpr std::string_view damaged =
    "wrote to a descriptor that is not its own: the suite's messages came in damaged";
// What messages call the template once it has loaded the subject.
constexpr std::string_view the_process = "the subject's process";

constexpr std::uint64_t most_memory = std::uint64_t{4} << 30;

void keep_over_exec(int descriptor) {
  // Cannot fail: both calls take any open descriptor.
  static_cast<void>(::fcntl(descriptor, F_SETFD, 0));
}

// Returns the memory that one case may occupy. The suite watches this itself: a limit of the kernel
// would also refuse what a runtime only reserves (ThreadSanitizer and Go: terabytes), and the
// runtime would be judged for that.
std::uint64_t memory_bound() {
  static const auto half = static_cast<std::uint64_t>(::sysconf(_SC_PHYS_PAGES)) *
                           static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE)) / 2;
  return std::min(half, most_memory);
}

// Returns whether the text speaks of a lack of resources. The loader and libc report it only in
// words.
bool tells_of_want(const std::string& text) {
  const std::array errors{ENOMEM, EMFILE, ENFILE, EAGAIN};
  return std::any_of(errors.begin(), errors.end(),
                     [&](int error) { return text.find(std::strerror(error)) != text.npos; });
}

// Returns how the child ended, and leaves it a zombie. Returns nothing if it still lives.
std::optional<siginfo_t> end_of_process(pid_t process, Patience& patience) {
  for (;;) {
    siginfo_t info{};
    const int result =
        ::waitid(P_PID, static_cast<id_t>(process), &info, WEXITED | WNOHANG | WNOWAIT);
    if (result == 0 && info.si_pid == process && info.si_code != CLD_TRAPPED) {
      return info;
    }
    if (patience.over()) {
      return std::nullopt;
    }
    static_cast<void>(::poll(nullptr, 0, static_cast<int>(patience.slice().count())));
    patience.spend();
  }
}

// Reaps a child that has been killed. A child that has asked to be traced may be seen to stop
// before.
void wait_for_process(pid_t process) {
  int status = 0;
  while (::waitpid(process, &status, 0) == process ? WIFSTOPPED(status) : errno == EINTR) {
  }
}

}  // namespace

TemplateClient::TemplateClient(pid_t process, MessageSocket socket,
                               std::unique_ptr<CaseMemory> memory, MemoryWatch watch)
    : process_(process),
      socket_(std::move(socket)),
      memory_(std::move(memory)),
      watch_(std::move(watch)) {
  keep_child(process_);
  // Without pidfds, a template whose socket lives on in another process hangs instead. (The header
  // of glibc 2.36 declares the function for C alone.)
  socket_.watch(Descriptor(static_cast<int>(::syscall(SYS_pidfd_open, process_, 0))));
}

TemplateClient::~TemplateClient() {
  // The template's cases die with it (PR_SET_PDEATHSIG). An error means that it is gone already.
  static_cast<void>(::kill(process_, SIGKILL));
  wait_for_process(process_);
  forget_child(process_);
  end_strays();
}

std::unique_ptr<TemplateClient> TemplateClient::launch(const SubjectFile& subject,
                                                       Injector injector, const MemoryLane& lane,
                                                       bool load_in_case) {
  auto memory = std::make_unique<CaseMemory>();
  MemoryWatch watch(lane, subject);
  auto [ours, theirs] = MessageSocket::pair();
  const std::string program = subject.program ? subject.path : own_executable();
  std::vector<std::string> words = watch.command();
  words.insert(words.end(),
               {program, std::string(template_option), std::to_string(theirs.descriptor()),
                std::to_string(memory->evidence_file()),
                load_in_case ? "load-in-case" : "load-once", subject.program ? "" : subject.path});
  std::vector<char*> argv;
  std::ranges::transform(words, std::back_inserter(argv),
                         [](std::string& word) { return word.data(); });
  argv.push_back(nullptr);
  const Preload preload(injector == Injector::preloaded ? injector_shim() : std::string(),
                        watch.library());
  const pid_t process = ::fork();
  if (process < 0) {
    throw std::system_error(errno, std::generic_category(), "fork");
  }
  if (process == 0) {
    enter_default_state(memory->output_file());
    keep_over_exec(theirs.descriptor());
    keep_over_exec(memory->evidence_file());
    preload.apply();
    watch.set_environment();
    ::execv(argv.front(), argv.data());
    static_cast<void>(
        theirs.send({{"refused", fmt::format("it cannot be started: {}", std::strerror(errno))}}));
    ::_exit(127);
  }
  return std::unique_ptr<TemplateClient>(
      new TemplateClient(process, std::move(ours), std::move(memory), std::move(watch)));
}

tl::expected<std::unique_ptr<TemplateClient>, StartFailure> TemplateClient::start(
    const SubjectFile& subject, Injector injector, const MemoryLane& lane,
    std::chrono::milliseconds deadline) try {
  auto client = launch(subject, injector, lane, false);
  if (auto described = client->await_description(subject, deadline); !described) {
    StartFailure& failure = described.error();
    failure.message =
        failure.subject
            ? fmt::format("the subject {} is refused: {}", subject.given, failure.message)
            : fmt::format("cannot run {}: {}", subject.given, failure.message);
    return tl::unexpected(failure);
  }
  if (client->has_threads_) {
    auto again = launch(subject, injector, lane, true);
    again->description_ = client->description_;
    again->loads_in_case_ = true;
    return again;
  }
  return client;
} catch (const std::system_error& error) {
  // The machine's failure: no process, no descriptor, no memory file.
  return tl::unexpected(
      StartFailure{fmt::format("cannot run {}: {}", subject.given, error.what()), false});
}

// Receives the next message. A signal ends this wait only if it ends the run; such a signal may
// also have come just before.
tl::expected<nlohmann::json, Silence> TemplateClient::receive(Patience& patience) {
  for (; interrupting_signal() == 0; patience.spend()) {
    Patience slice(patience.slice());
    auto message = socket_.receive(slice);
    const bool nothing = !message && (message.error() == Silence::timeout ||
                                      message.error() == Silence::interrupted);
    if (!nothing) {
      return message;
    }
    if (patience.over()) {
      return tl::unexpected(Silence::timeout);
    }
  }
  return tl::unexpected(Silence::interrupted);
}

tl::expected<void, StartFailure> TemplateClient::await_description(
    const SubjectFile& subject, std::chrono::milliseconds deadline) try {
  std::string where =
      subject.program ? "before it called heddle_conform_main" : std::string(at_its_start);
  Patience patience(deadline);
  for (;;) {
    const auto message = receive(patience);
    if (!message) {
      return tl::unexpected(describe_silence(message.error(), where, patience, deadline));
    }
    if (message->contains("progress")) {
      where = message->at("progress").get<std::string>();
    } else if (message->contains("no_process")) {
      return tl::unexpected(StartFailure{
          "no process for a case: " + message->at("no_process").get<std::string>(), false});
    } else if (message->contains("refused")) {
      const auto reason = message->at("refused").get<std::string>();
      return tl::unexpected(StartFailure{reason, !tells_of_want(reason)});
    } else if (message->at("catalogue").get<std::string>() != catalogue_hash()) {
      return tl::unexpected(
          StartFailure{"it hosts another version of the suite; build it against this one"});
    } else {
      description_ = message->at("described").get<Description>();
      has_threads_ = message->at("threads").get<bool>();
      return {};
    }
  }
} catch (const nlohmann::json::exception&) {
  return tl::unexpected(StartFailure{fmt::format("it {}", damaged)});
}

StartFailure TemplateClient::describe_silence(Silence silence, const std::string& where,
                                              Patience& patience,
                                              std::chrono::milliseconds deadline) {
  switch (silence) {
    case Silence::closed:
      return describe_death(where, patience);
    case Silence::damaged:
      return {fmt::format("it {} {}", damaged, where)};
    case Silence::interrupted:
      return {fmt::format("interrupted {}", where), false};
    case Silence::timeout:
      break;
  }
  const auto state = inject::state_of(process_);
  const bool stopped = state && (state->state == 'T' || state->state == 't');
  return {fmt::format("it hung {}: no answer within {} ms{}", where, deadline.count(),
                      stopped ? ", since its process is stopped" : ""),
          where != at_its_start};
}

// Describes the end of the template. The socket closes before the process can be waited for, but a
// subject may also have closed the socket itself.
StartFailure TemplateClient::describe_death(const std::string& where, Patience& patience) {
  alive_ = false;
  const auto end = end_of_process(process_, patience);
  if (!end || memory_->collect().excuse == channel_gone) {
    return {fmt::format("it closed descriptors that are not its own {}", where)};
  }
  const std::string said = memory_->last_line();
  const std::string words = said.empty() ? "" : "; it said: " + said;
  const bool subject = where != at_its_start && !tells_of_want(said);
  if (end->si_code == CLD_EXITED) {
    return {fmt::format("it ended with status {} {}{}", end->si_status, where, words), subject};
  }
  // Only the kernel (for want of memory) or a user sends this signal.
  if (end->si_status == SIGKILL) {
    return {
        fmt::format("its process was killed {} (SIGKILL: by hand, or for want of memory)", where),
        false};
  }
  return {fmt::format("it crashed {}: {}{}", where, ::strsignal(end->si_status), words), subject};
}

CaseResult TemplateClient::lose(const std::string& why) {
  alive_ = false;
  CaseResult result;
  result.lost = true;
  result.excuse = why;
  return result;
}

CaseResult TemplateClient::run(const Clause& clause, const Program& program,
                               std::chrono::milliseconds deadline) try {
  return run_to_end(clause, program, deadline);
} catch (const nlohmann::json::exception&) {
  return lose(fmt::format("{} {}", the_process, damaged));
}

// Has the template fork the case, and returns the case's number. Signals are sent to this number,
// so it must be that of a child of the template.
tl::expected<pid_t, std::string> TemplateClient::start_case(const Clause& clause,
                                                            const Program& program,
                                                            std::chrono::milliseconds deadline) {
  Patience patience(deadline);
  if (!socket_.send({{"clause", clause.id}, {"program", program_to_hex(program)}}, deadline)) {
    return tl::unexpected(describe_loss(Silence::closed));
  }
  const auto started = receive(patience);
  if (!started && started.error() == Silence::timeout) {
    return tl::unexpected(
        fmt::format("{} did not fork a case within {} ms: fork() has not returned "
                    "(pthread_atfork?), or the process is stopped",
                    the_process, deadline.count()));
  }
  if (!started) {
    return tl::unexpected(describe_loss(started.error()));
  }
  if (started->contains("no_process")) {
    return tl::unexpected("no process for the case: " +
                          started->at("no_process").get<std::string>());
  }
  const auto child = started->at("started").get<pid_t>();
  const auto state = child > 1 ? inject::state_of(child) : std::nullopt;
  if (!state || state->parent != process_) {
    return tl::unexpected(fmt::format("{} {}", the_process, damaged));
  }
  return child;
}

// Waits for the case's end, and kills the case if it takes too much memory.
tl::expected<nlohmann::json, Silence> TemplateClient::await_end(pid_t child, Patience patience) {
  for (;; patience.spend()) {
    Patience slice(patience.slice());
    auto ended = receive(slice);
    if (ended || ended.error() != Silence::timeout || patience.over()) {
      return ended;
    }
    if (inject::resident_memory(child) > memory_bound()) {
      too_large_ = true;
      static_cast<void>(::kill(child, SIGKILL));  // not reaped yet: still the case
    }
  }
}

// Returns whether the case's verdict is certain before its process has ended: what the case has
// reported stands, and the rest of its end is the kernel's work. In a clause about the end of main,
// code of the subject is still to run.
bool TemplateClient::is_over(const Clause& clause) const {
  const Evidence& evidence = memory_->evidence();
  return evidence.failed.load() != 0 || evidence.excused.load() != 0 ||
         (evidence.finished.load() != 0 && !clause.exit_status);
}

CaseResult TemplateClient::run_to_end(const Clause& clause, const Program& program,
                                      std::chrono::milliseconds deadline) {
  using std::chrono::duration_cast;
  memory_->reset();
  too_large_ = false;
  const auto began = std::chrono::steady_clock::now();
  const auto started = start_case(clause, program, deadline);
  if (!started) {
    return lose(started.error());
  }
  const pid_t child = *started;
  CaseWatch watch(child, process_, deadline);
  std::optional<nlohmann::json> ended;
  Silence silence = Silence::timeout;
  const auto await = [&](std::chrono::milliseconds limit) {
    if (auto message = await_end(child, Patience(limit))) {
      ended = std::move(*message);
    } else {
      silence = message.error();
    }
  };
  const auto waits = [&] { return !ended && silence == Silence::timeout; };
  do {
    await(watch.until_next_look());
  } while (waits() && !watch.hangs());
  const bool over = is_over(clause);
  const bool killed = waits();
  bool timed_out = false;
  std::vector<std::string> threads;
  if (killed) {
    timed_out = !over && !inject::has_exited(child);
    threads = watch.threads();
    // The child is not reaped before we say so, so the number is still its own.
    static_cast<void>(::kill(child, SIGKILL));
    await(deadline);
  }
  if (!ended && !over && !(timed_out && waits())) {
    return lose(describe_loss(silence));
  }
  CaseResult result = memory_->collect();
  result.timed_out = timed_out;
  result.threads = std::move(threads);
  result.duration =
      duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began);
  if (ended && !(killed && over)) {
    (ended->at("code").get<int>() == CLD_EXITED ? result.status : result.signal) =
        ended->at("status").get<int>();
  }
  if (too_large_) {
    result.excused = true;
    result.excuse = fmt::format("the case was ended when it had more than {} MiB of memory",
                                memory_bound() >> 20);
  }
  // Ends what the case has left behind, if anything. The group keeps the case's number until the
  // case is reaped.
  static_cast<void>(::kill(-child, SIGKILL));
  watch_.take_reports(process_, child, result);
  if (!ended || !socket_.send({{"reap", child}}, deadline)) {
    alive_ = false;
  }
  return result;
}

std::string TemplateClient::describe_loss(Silence silence) {
  alive_ = false;
  switch (silence) {
    case Silence::interrupted:
      return "interrupted";
    case Silence::damaged:
      return fmt::format("{} {}", the_process, damaged);
    case Silence::timeout:
      return fmt::format("{} does not say how the case has ended; is it stopped?", the_process);
    case Silence::closed:
      break;
  }
  Patience patience(std::chrono::seconds(1));
  const auto end = end_of_process(process_, patience);
  if (!end) {
    return fmt::format("{} has closed a descriptor that is not its own", the_process);
  }
  return end->si_code == CLD_EXITED
             ? fmt::format("{} ended with status {}", the_process, end->si_status)
             : fmt::format("{} was killed: {}", the_process, ::strsignal(end->si_status));
}

}  // namespace heddle::conformance
