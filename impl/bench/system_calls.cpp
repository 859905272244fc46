#include "system_calls.hpp"

#include <signal.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

namespace heddle::bench {
namespace {

constexpr int trace_options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE | PTRACE_O_EXITKILL;

[[noreturn]] void run_traced(const std::function<void()>& function) {
  if (::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) != 0) {
    ::_exit(1);
  }
  ::raise(SIGSTOP);  // until the parent has set its options
  function();
  ::_exit(0);
}

// Counts a stop at a system call. Each call stops twice, and counts when it is entered.
void count_stop(pid_t thread, SystemCalls& seen) {
  __ptrace_syscall_info info{};
  if (::ptrace(PTRACE_GET_SYSCALL_INFO, thread, sizeof info, &info) <= 0 ||
      info.op != PTRACE_SYSCALL_INFO_ENTRY) {
    return;
  }
  seen.calls += 1;
  if (info.entry.nr == SYS_mmap) {
    seen.mapped_bytes += info.entry.args[1];
  }
}

// Resumes each thread that stops, until the child is gone. Returns true if the child ended with
// status 0.
bool follow(pid_t child, SystemCalls& seen) {
  int status = 0;
  for (;;) {
    const pid_t thread = ::waitpid(-1, &status, __WALL);
    if (thread < 0) {
      return false;
    }
    if (!WIFSTOPPED(status)) {
      if (thread == child) {
        return WIFEXITED(status) && WEXITSTATUS(status) == 0;
      }
      continue;  // one of its threads has ended
    }
    int signal = WSTOPSIG(status);
    if (signal == (SIGTRAP | 0x80)) {
      count_stop(thread, seen);
    }
    if (signal == (SIGTRAP | 0x80) || signal == SIGTRAP || signal == SIGSTOP) {
      signal = 0;  // made by tracing, not meant for the child
    }
    // ESRCH: the thread has been killed meanwhile, as the next wait reports.
    ::ptrace(PTRACE_SYSCALL, thread, nullptr, signal);
  }
}

}  // namespace

std::optional<SystemCalls> system_calls_of(const std::function<void()>& function) {
  const pid_t child = ::fork();
  if (child < 0) {
    return std::nullopt;
  }
  if (child == 0) {
    run_traced(function);
  }
  int status = 0;
  if (::waitpid(child, &status, 0) != child || !WIFSTOPPED(status)) {
    return std::nullopt;
  }
  SystemCalls seen{};
  if (::ptrace(PTRACE_SETOPTIONS, child, nullptr, trace_options) != 0 ||
      ::ptrace(PTRACE_SYSCALL, child, nullptr, nullptr) != 0) {
    ::kill(child, SIGKILL);
    ::waitpid(child, &status, 0);
    return std::nullopt;
  }
  if (!follow(child, seen)) {
    return std::nullopt;
  }
  return seen;
}

}  // namespace heddle::bench
