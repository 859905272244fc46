#include "program/run.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <heddle/inject_control.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "program/preload.h"

namespace heddle::inject {
namespace {

constexpr int kForwarded[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2};

/// What the driver changes for itself, and the program must find as it was.
struct InheritedSignals {
  sigset_t mask;
  struct sigaction child_action;
};

sigset_t awaited_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGCHLD);
  for (const int signal : kForwarded) {
    sigaddset(&set, signal);
  }
  return set;
}

/// None of the calls can fail: their arguments are constants of the right kind.
InheritedSignals take_signals() {
  InheritedSignals inherited{};
  const sigset_t set = awaited_signals();
  sigprocmask(SIG_BLOCK, &set, &inherited.mask);
  // A caller may have left SIGCHLD ignored, and then nobody would learn how the program ended.
  struct sigaction standard {};
  standard.sa_handler = SIG_DFL;
  sigaction(SIGCHLD, &standard, &inherited.child_action);
  return inherited;
}

/// In the child. Only returns, with errno, when the program cannot be executed.
void execute(const RunRequest& request, const InheritedSignals& inherited) {
  std::vector<char*> arguments;
  arguments.reserve(request.arguments.size() + 1);
  for (const std::string& argument : request.arguments) {
    arguments.push_back(const_cast<char*>(argument.c_str()));
  }
  arguments.push_back(nullptr);
  if (!set_preload(request.preload) ||
      setenv(HEDDLE_INJECT_ENVIRONMENT, request.plan_path.c_str(), 1) != 0) {
    return;
  }
  sigaction(SIGCHLD, &inherited.child_action, nullptr);
  sigprocmask(SIG_SETMASK, &inherited.mask, nullptr);
  execv(request.program.c_str(), arguments.data());
}

int exit_status_of(int wait_status) {
  return WIFSIGNALED(wait_status) ? 128 + WTERMSIG(wait_status) : WEXITSTATUS(wait_status);
}

/// Waits for the child's end, and passes signals on meanwhile.
int await(pid_t child) {
  const sigset_t set = awaited_signals();
  for (;;) {
    siginfo_t information{};
    const int signal = sigwaitinfo(&set, &information);
    if (signal < 0) {
      continue;  // EINTR, after a stop and continue: nothing has arrived
    }
    if (signal != SIGCHLD) {
      // The terminal sends to all of the foreground group, so only what a process sent goes on. The
      // child is not reaped yet, so its id is its own and the call cannot miss.
      if (information.si_code <= 0) {
        kill(child, signal);
      }
      continue;
    }
    int wait_status = 0;
    if (waitpid(child, &wait_status, WNOHANG) == child) {
      return exit_status_of(wait_status);
    }
  }
}

/// The errno with which the child failed to execute, or 0: the pipe then closed without a word.
int execution_error(int descriptor) {
  int error = 0;
  ssize_t count = 0;
  do {
    count = read(descriptor, &error, sizeof error);
  } while (count < 0 && errno == EINTR);
  return count == sizeof error ? error : 0;
}

}  // namespace

tl::expected<int, std::string> run_program(const RunRequest& request) {
  int error_pipe[2];
  if (pipe2(error_pipe, O_CLOEXEC) != 0) {
    return tl::unexpected(
        fmt::format("cannot start {}: pipe2: {}", request.program, std::strerror(errno)));
  }
  const InheritedSignals inherited = take_signals();
  const pid_t child = fork();
  if (child < 0) {
    return tl::unexpected(
        fmt::format("cannot start {}: fork: {}", request.program, std::strerror(errno)));
  }
  if (child == 0) {
    execute(request, inherited);
    const int error = errno;
    // A pipe holds four bytes without blocking; if nobody reads them, nobody wants to know.
    (void)!write(error_pipe[1], &error, sizeof error);
    _exit(125);
  }
  close(error_pipe[1]);
  const int error = execution_error(error_pipe[0]);
  close(error_pipe[0]);
  const int status = await(child);
  if (error != 0) {
    return tl::unexpected(fmt::format("cannot run {}: {}", request.program, std::strerror(error)));
  }
  return status;
}

}  // namespace heddle::inject
