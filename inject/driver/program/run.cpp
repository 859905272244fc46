#include "program/run.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <heddle/inject_control.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "plan/system_error.hpp"
#include "process/inherited_state.hpp"
#include "program/preload.hpp"

namespace heddle::inject {
namespace {

constexpr int forwarded[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2};

sigset_t awaited_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGCHLD);
  for (const int signal : forwarded) {
    sigaddset(&set, signal);
  }
  return set;
}

void block_awaited_signals() {
  const sigset_t set = awaited_signals();
  sigprocmask(SIG_BLOCK, &set, nullptr);  // cannot fail with valid arguments
}

/// Puts the options before those of the environment, which so have the last word.
bool set_leak_options(const std::string& options) {
  const char* const existing = std::getenv("LSAN_OPTIONS");
  const std::string all = existing != nullptr ? options + ':' + existing : options;
  return setenv("LSAN_OPTIONS", all.c_str(), 1) == 0;
}

/// Executes the program, in the child. Returns, with errno, only on failure.
void execute(const RunRequest& request) {
  std::vector<std::string> words = request.launcher;
  const bool launched = !words.empty();
  words.insert(words.end(), request.arguments.begin(), request.arguments.end());
  const std::string& program = launched ? words.front() : request.program;
  if (launched) {
    words[request.launcher.size()] = request.program;
  }
  std::vector<char*> arguments;
  arguments.reserve(words.size() + 1);
  for (std::string& word : words) {
    arguments.push_back(word.data());
  }
  arguments.push_back(nullptr);
  if (!set_preload(request.preload) ||
      (!request.leak_options.empty() && !set_leak_options(request.leak_options)) ||
      setenv(HEDDLE_INJECT_ENVIRONMENT, request.plan_path.c_str(), 1) != 0) {
    return;
  }
  restore_inherited_state();
  execv(program.c_str(), arguments.data());
}

/// Waits for the child's end, and passes signals on meanwhile; returns the child's wait status.
int await(pid_t child) {
  const sigset_t set = awaited_signals();
  for (;;) {
    siginfo_t information{};
    const int signal = sigwaitinfo(&set, &information);
    if (signal < 0) {
      continue;  // EINTR, after a stop and continue: nothing has arrived
    }
    if (signal != SIGCHLD) {
      // Passes on only what a process sent: the terminal signals the whole foreground group itself.
      // The child is not reaped yet, so its id is still its own.
      if (information.si_code <= 0) {
        kill(child, signal);
      }
      continue;
    }
    int wait_status = 0;
    if (waitpid(child, &wait_status, WNOHANG) == child) {
      return wait_status;
    }
  }
}

/// Reads the errno with which the child failed to execute; 0 if the pipe closed without one.
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
        fmt::format("cannot start {}: pipe2: {}", request.program, describe_system_error(errno)));
  }
  block_awaited_signals();
  const pid_t child = fork();
  if (child < 0) {
    return tl::unexpected(
        fmt::format("cannot start {}: fork: {}", request.program, describe_system_error(errno)));
  }
  if (child == 0) {
    execute(request);
    const int error = errno;
    // Cannot block, since a pipe has room for four bytes; without a reader nobody wants to know.
    static_cast<void>(!write(error_pipe[1], &error, sizeof error));
    _exit(125);
  }
  close(error_pipe[1]);
  const int error = execution_error(error_pipe[0]);
  close(error_pipe[0]);
  const int wait_status = await(child);
  if (error != 0) {
    return tl::unexpected(
        fmt::format("cannot run {}: {}", request.program, describe_system_error(error)));
  }
  return wait_status;
}

}  // namespace heddle::inject
