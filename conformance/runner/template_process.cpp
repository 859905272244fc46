#include "runner/template_process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <filesystem>
#include <system_error>

#include "catalogue/catalogue.hpp"
#include "process/leftovers.hpp"
#include "process/process_state.hpp"
#include "runner/case_check.hpp"
#include "runner/description_json.hpp"
#include "runner/message_socket.hpp"
#include "runner/replay_token.hpp"
#include "runner/strays.hpp"
#include "stage/leak_search.hpp"
#include "stage/stage_case.hpp"

namespace heddle::conformance {
namespace {

// Has this process die with its parent: there is then no one left to judge for.
void die_with_parent() {
  if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) {
    throw std::system_error(errno, std::generic_category(), "prctl(PR_SET_PDEATHSIG)");
  }
}

// Asks the kernel to kill the case before the suite when memory runs out. Best effort: if the file
// cannot be written, the kernel may kill the suite instead, which is reported.
void be_first_without_memory() {
  const Descriptor file(::open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC));
  const ssize_t written = ::write(file.get(), "1000", 4);
  static_cast<void>(written);
}

std::size_t count_threads() {
  std::error_code error;
  const std::filesystem::directory_iterator tasks("/proc/self/task", error);
  return error ? 1 : static_cast<std::size_t>(std::distance(begin(tasks), end(tasks)));
}

// Ends the process with the reason why the case, or the template, does not go on. For use where no
// check runs.
[[noreturn]] void give_up(Evidence& evidence, std::string_view reason) {
  const std::size_t length = std::min(reason.size(), evidence.excuse.size() - 1);
  std::memcpy(evidence.excuse.data(), reason.data(), length);
  evidence.excuse[length] = '\0';
  evidence.internal.store(1, std::memory_order_relaxed);
  evidence.excused.store(1, std::memory_order_release);
  ::_exit(0);
}

struct Subject {
  const heddle_subject_table* table = nullptr;
  std::string error;
};

struct RequestedCase {
  const Clause& clause;
  Program program;
};

Subject load(const TemplateArguments& arguments, heddle_entry host_entry,
             const std::function<void(std::string_view)>& progress) {
  heddle_entry entry = host_entry;
  if (!arguments.plugin.empty()) {
    const auto loaded = load_plugin(arguments.plugin, progress);
    if (!loaded) {
      return {nullptr, loaded.error()};
    }
    entry = *loaded;
  } else {
    progress("in the entry that it hands to heddle_conform_main");
  }
  if (entry == nullptr) {
    return {nullptr, "it hands a null entry to heddle_conform_main"};
  }
  const auto table = ask_for_table(entry);
  return table ? Subject{*table, {}} : Subject{nullptr, table.error()};
}

// Runs one whole case in the forked child. Returns only if the case ends through main.
void run_case(const Clause& clause, const Program& program, Evidence& evidence,
              const heddle_subject_table& table) {
  run_check(clause, program, evidence, table);
  if (!clause.exit_status) {
    ::_exit(0);
  }
}

Evidence& map_evidence(int file) {
  const Descriptor closed(file);  // closed once mapped, so that no subject can write to its number
  void* const memory =
      ::mmap(nullptr, sizeof(Evidence), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (memory == MAP_FAILED) {
    throw std::system_error(errno, std::generic_category(), "mmap of the evidence");
  }
  return *static_cast<Evidence*>(memory);
}

// Waits for the child's end. A case that has asked to be traced has made this process its tracer,
// so each stop is continued.
void wait_for_end(pid_t child, siginfo_t& info) {
  for (;;) {
    if (::waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOWAIT) != 0) {
      if (errno != EINTR) {
        throw std::system_error(errno, std::generic_category(), "waitid");
      }
    } else if (info.si_code == CLD_TRAPPED) {
      static_cast<void>(::ptrace(PTRACE_DETACH, child, nullptr, info.si_status));
    } else {
      return;
    }
  }
}

// Returns the worker's next message; nothing if the worker is gone. A signal that a subject handles
// does not end the wait.
std::optional<nlohmann::json> next_message(MessageSocket& socket) {
  for (;;) {
    auto message = socket.receive();
    if (message) {
      return std::move(*message);
    }
    if (message.error() != Silence::interrupted) {
      return std::nullopt;
    }
  }
}

// Returns the next case that the worker asks for; nothing if the worker is gone. A function of its
// own, so that its frame is gone when the case runs: a search for leaks would take what is left of
// the message for references.
[[gnu::noinline]] std::optional<RequestedCase> next_case(MessageSocket& socket) {
  const auto request = next_message(socket);
  if (!request) {
    return std::nullopt;
  }
  return RequestedCase{*find_clause(request->at("clause").get<std::string>()),
                       *program_from_hex(request->at("program").get<std::string>())};
}

// Reports the child's end. Keeps the child as a zombie until the worker has ended what the child
// left in its process group: until then no other process can get its number. This process adopts
// what has left the group.
void attend(MessageSocket& socket, pid_t child) {
  keep_child(child);
  static_cast<void>(::setpgid(child, child));  // fails if the child was faster, or is gone
  if (!socket.send({{"started", child}})) {
    ::_exit(0);
  }
  siginfo_t info{};
  wait_for_end(child, info);
  if (!socket.send({{"code", info.si_code}, {"status", info.si_status}}) || !next_message(socket)) {
    ::_exit(0);
  }
  end_strays();
  static_cast<void>(::waitpid(child, nullptr, 0));  // the zombie is there, as seen above
  forget_child(child);
}

// The loading of the subject. It shows, before the first case, what the subject does to the process
// that loads it.
class Loading {
 public:
  Loading(const TemplateArguments& arguments, heddle_entry host_entry, MessageSocket& socket,
          Evidence& evidence)
      : arguments_(arguments), host_entry_(host_entry), socket_(socket), evidence_(evidence) {}

  Subject load() {
    const std::size_t threads_before = count_threads();
    Subject subject = conformance::load(arguments_, host_entry_,
                                        [this](std::string_view where) { stand(where); });
    end_if_forked();
    await_own_processes();
    if (evidence_.excused.load() != 0) {
      subject = {nullptr, evidence_.excuse.data()};
    }
    if (subject.table == nullptr) {
      say({{"refused", subject.error}});
      ::_exit(0);
    }
    const bool has_threads = count_threads() > threads_before;
    if (!has_threads) {  // with threads, each case loads the subject itself
      try_to_fork();
    }
    say({{"described", describe(*subject.table)},
         {"catalogue", catalogue_hash()},
         {"threads", has_threads}});
    return subject;
  }

 private:
  void say(const nlohmann::json& message) {
    if (!socket_.send(message)) {
      give_up(evidence_, channel_gone);
    }
  }

  void stand(std::string_view where) {
    end_if_forked();
    say({{"progress", where}});
  }

  // Ends this process if it is a fork made while the subject was loaded: a constructor that forks
  // may return in both processes.
  void end_if_forked() const {
    if (::getpid() != process_) {
      give_up(evidence_, "it forked while it was loaded, and the child went on in its place");
    }
  }

  // Waits until the subject's own processes have ended, as long as the worker allows: all cases
  // would share such a process.
  void await_own_processes() {
    const auto lives = [](pid_t child) {
      const auto state = inject::state_of(child);
      return state && !state->exiting;
    };
    for (bool told = false;; told = true) {
      const auto children = inject::children_of(process_);
      if (std::none_of(children.begin(), children.end(), lives)) {
        return;
      }
      if (!told) {
        stand("at its start, with a process that it had left running");
      }
      static_cast<void>(::usleep(10'000));
    }
  }

  void try_to_fork() {
    stand("in fork(), which calls what it gave to pthread_atfork");
    const pid_t child = ::fork();
    if (child == 0) {
      ::_exit(0);
    }
    if (child < 0) {
      say({{"no_process", std::strerror(errno)}});
      ::_exit(0);
    }
    siginfo_t info{};
    wait_for_end(child, info);
    static_cast<void>(::waitpid(child, nullptr, 0));
    stand("after fork()");
  }

  const TemplateArguments& arguments_;
  heddle_entry host_entry_;
  MessageSocket& socket_;
  Evidence& evidence_;
  pid_t process_ = ::getpid();
};

// Turns the forked child into a case: drops what a case must not have.
void become_case(MessageSocket&& socket, pid_t parent) {
  { const MessageSocket closed = std::move(socket); }
  die_with_parent();
  if (::getppid() != parent) {  // the parent died before the child could follow it
    ::_exit(0);
  }
  // By this process group the worker ends what a case leaves behind.
  static_cast<void>(::setpgid(0, 0));  // the template sets it, too; whichever comes first
  be_first_without_memory();
}

}  // namespace

std::optional<TemplateArguments> template_arguments(int argc, char** argv) {
  if (argc != 6 || argv[1] != template_option) {
    return std::nullopt;
  }
  return TemplateArguments{.socket = std::atoi(argv[2]),
                           .evidence = std::atoi(argv[3]),
                           .load_in_case = std::string_view(argv[4]) == "load-in-case",
                           .plugin = argv[5]};
}

void serve_as_template(const TemplateArguments& arguments, heddle_entry host_entry,
                       heddle_outcome& end) {
  die_with_parent();
  ignore_leaks();
  MessageSocket socket{Descriptor(arguments.socket)};
  Evidence& evidence = map_evidence(arguments.evidence);
  adopt_strays();
  const pid_t process = ::getpid();
  Subject subject;
  if (!arguments.load_in_case) {
    subject = Loading(arguments, host_entry, socket, evidence).load();
  }

  use_up_freed_memory();
  while (const auto asked = next_case(socket)) {
    std::fflush(nullptr);
    const pid_t child = ::fork();
    if (child < 0) {
      static_cast<void>(socket.send({{"no_process", std::strerror(errno)}}));
      continue;
    }
    if (child > 0) {
      attend(socket, child);
      continue;
    }
    become_case(std::move(socket), process);
    if (arguments.load_in_case) {
      const pid_t self = ::getpid();
      subject = load(arguments, host_entry, [](std::string_view) {});
      if (::getpid() != self) {  // a constructor has forked
        ::_exit(0);
      }
      if (subject.table == nullptr) {
        give_up(evidence, "the subject could be loaded before, but not now: " + subject.error);
      }
    }
    heed_leaks();
    run_case(asked->clause, asked->program, evidence, *subject.table);
    end = main_ending();
    return;
  }
  ::_exit(0);
}

}  // namespace heddle::conformance
