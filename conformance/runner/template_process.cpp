#include "runner/template_process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <filesystem>
#include <system_error>

#include "catalogue/catalogue.hpp"
#include "runner/loaded_subject.hpp"
#include "runner/message_socket.hpp"
#include "runner/replay_token.hpp"
#include "stage/stage_case.hpp"

namespace heddle::conformance {
namespace {

// A process of the suite's that has lost its parent has nobody to judge for.
void die_with_parent() {
  if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) {
    throw std::system_error(errno, std::generic_category(), "prctl(PR_SET_PDEATHSIG)");
  }
}

// Best effort: a limit that cannot be set costs protection, not a verdict.
void limit(int resource, rlim_t amount) {
  rlimit limits{};
  if (::getrlimit(static_cast<__rlimit_resource>(resource), &limits) == 0 &&
      (limits.rlim_max == RLIM_INFINITY || amount <= limits.rlim_max)) {
    limits.rlim_cur = amount;
    static_cast<void>(::setrlimit(static_cast<__rlimit_resource>(resource), &limits));
  }
}

std::size_t count_threads() {
  std::error_code error;
  const std::filesystem::directory_iterator tasks("/proc/self/task", error);
  return error ? 1 : static_cast<std::size_t>(std::distance(begin(tasks), end(tasks)));
}

void redirect(int from, int to) {
  if (::dup2(from, to) < 0) {
    throw std::system_error(errno, std::generic_category(), "dup2");
  }
}

struct Subject {
  const heddle_subject_table* table = nullptr;
  std::string error;
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

// What the forked child does: the whole of one case. Returns only when the case ends through main.
void run_case(const Clause& clause, const Program& program, Evidence& evidence,
              const heddle_subject_table& table) {
  die_with_parent();
  // The worker ends what a case leaves behind by its process group.
  static_cast<void>(::setpgid(0, 0));  // the template sets it as well; one of the two comes first
  static_cast<void>(::signal(SIGINT, SIG_DFL));  // SIGINT has a disposition: cannot fail
  limit(RLIMIT_CORE, 0);
  enter_case(table, evidence, clause.faults);
  evidence.began.store(1, std::memory_order_release);
  try {
    clause.scenario.check(program);
  } catch (const std::exception& exception) {
    internal_error(fmt::format("the check ended in an exception: {}", exception.what()));
  }
  evidence.finished.store(1, std::memory_order_release);
  if (!clause.exit_status) {
    ::_exit(0);
  }
}

Evidence& map_evidence(int file) {
  void* const memory =
      ::mmap(nullptr, sizeof(Evidence), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (memory == MAP_FAILED) {
    throw std::system_error(errno, std::generic_category(), "mmap of the evidence");
  }
  return *static_cast<Evidence*>(memory);
}

// Reports the child's end, and keeps it as a zombie until the worker has ended what it left in its
// process group: until then its number cannot be given to another process.
void attend(const MessageSocket& socket, pid_t child) {
  static_cast<void>(::setpgid(child, child));  // fails when the child was faster, or is gone
  if (!socket.send({{"started", child}})) {
    ::_exit(0);
  }
  siginfo_t info{};
  while (::waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOWAIT) != 0) {
    if (errno != EINTR) {
      throw std::system_error(errno, std::generic_category(), "waitid");
    }
  }
  if (!socket.send({{"code", info.si_code}, {"status", info.si_status}}) || !socket.receive()) {
    ::_exit(0);
  }
  int status = 0;
  static_cast<void>(::waitpid(child, &status, 0));  // the zombie is there: seen above
}

}  // namespace

std::optional<TemplateArguments> template_arguments(int argc, char** argv) {
  if (argc != 7 || argv[1] != template_option) {
    return std::nullopt;
  }
  return TemplateArguments{.socket = std::atoi(argv[2]),
                           .evidence = std::atoi(argv[3]),
                           .output = std::atoi(argv[4]),
                           .load_in_case = std::string_view(argv[5]) == "load-in-case",
                           .plugin = argv[6]};
}

void serve_as_template(const TemplateArguments& arguments, heddle_entry host_entry,
                       heddle_outcome& end) {
  die_with_parent();
  const MessageSocket socket{Descriptor(arguments.socket)};
  Evidence& evidence = map_evidence(arguments.evidence);
  const Descriptor null(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  redirect(null.get(), STDIN_FILENO);
  redirect(arguments.output, STDOUT_FILENO);
  redirect(arguments.output, STDERR_FILENO);

  const auto progress = [&](std::string_view where) {
    static_cast<void>(socket.send({{"progress", where}}));  // the worker gone: seen at receive
  };
  Subject subject;
  if (!arguments.load_in_case) {
    const std::size_t threads_before = count_threads();
    subject = load(arguments, host_entry, progress);
    if (subject.table == nullptr) {
      static_cast<void>(socket.send({{"refused", subject.error}}));
      ::_exit(0);
    }
    static_cast<void>(socket.send({{"described", describe(*subject.table)},
                                   {"catalogue", catalogue_hash()},
                                   {"threads", count_threads() > threads_before}}));
  }

  while (const auto request = socket.receive()) {
    const Clause* const clause = find_clause(request->at("clause").get<std::string>());
    const auto program = program_from_hex(request->at("program").get<std::string>());
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
    if (arguments.load_in_case) {
      subject = load(arguments, host_entry, [](std::string_view) {});
      if (subject.table == nullptr) {
        ::_exit(0);  // not begun: the worker takes it for an internal error
      }
    }
    run_case(*clause, *program, evidence, *subject.table);
    end = main_ending();
    return;
  }
  ::_exit(0);
}

}  // namespace heddle::conformance
