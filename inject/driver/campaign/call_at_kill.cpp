#include "campaign/call_at_kill.hpp"

#include <signal.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <set>
#include <thread>

namespace heddle::inject {
namespace {

constexpr int syscall_stop = SIGTRAP | 0x80;  // what PTRACE_O_TRACESYSGOOD makes of it
constexpr int of_filter = 1;                  // SYS_SECCOMP, the si_code of SIGSYS

class CallTracer {
 public:
  explicit CallTracer(pid_t process) : process_(process) {}

  bool seize() const {
    constexpr long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE | PTRACE_O_TRACEFORK |
                             PTRACE_O_TRACEVFORK | PTRACE_O_TRACEEXEC;
    return ptrace(PTRACE_SEIZE, process_, nullptr, options) == 0 &&
           ptrace(PTRACE_INTERRUPT, process_, nullptr, nullptr) == 0;
  }

  std::optional<std::uint32_t> follow_to_end() {
    // The tracees of this thread alone: other threads of the driver have children of their own.
    constexpr int tracees = __WALL | __WNOTHREAD;
    for (;;) {
      siginfo_t change{};
      if (waitid(P_ALL, 0, &change, WEXITED | WSTOPPED | WNOWAIT | tracees) != 0) {
        return last_call_;
      }
      const bool ended = change.si_code == CLD_EXITED || change.si_code == CLD_KILLED ||
                         change.si_code == CLD_DUMPED;
      if (ended && change.si_pid == process_) {
        return last_call_;  // whoever has started it waits for it
      }
      int status = 0;
      if (waitpid(change.si_pid, &status, WNOHANG | tracees) == change.si_pid &&
          WIFSTOPPED(status)) {
        handle_stop(change.si_pid, status);
      }
    }
  }

 private:
  void handle_stop(pid_t thread, int status) {
    const int event = status >> 16;
    int signal = event == 0 ? WSTOPSIG(status) : 0;
    if (signal == syscall_stop) {
      note_entry(thread);
      signal = 0;
    } else if (signal == SIGSYS) {
      note_filters_signal(thread);
    } else if (event == PTRACE_EVENT_STOP && WSTOPSIG(status) != SIGTRAP) {
      ptrace(PTRACE_LISTEN, thread, nullptr, nullptr);
      return;
    }
    // Fails only with ESRCH, when the stopped thread has been killed.
    ptrace(PTRACE_SYSCALL, thread, nullptr, signal);
  }

  void note_entry(pid_t thread) {
    __ptrace_syscall_info information{};
    if (ptrace(PTRACE_GET_SYSCALL_INFO, thread, sizeof information, &information) <= 0 ||
        information.op != PTRACE_SYSCALL_INFO_ENTRY) {
      return;
    }
    if (information.entry.nr == SYS_rt_sigreturn) {
      handling_.erase(thread);
    }
    if (!found_) {
      last_call_ = static_cast<std::uint32_t>(information.entry.nr);
    }
  }

  /// Notes the call that a trapping filter names in its signal. The handler of that signal may be
  /// trapped in turn while it ends the process: the cause is the call that the handler was entered
  /// for.
  void note_filters_signal(pid_t thread) {
    siginfo_t information{};
    if (ptrace(PTRACE_GETSIGINFO, thread, nullptr, &information) == 0 &&
        information.si_code == of_filter && handling_.insert(thread).second) {
      last_call_ = static_cast<std::uint32_t>(information.si_syscall);
      found_ = true;
    }
  }

  pid_t process_;
  std::optional<std::uint32_t> last_call_;
  bool found_ = false;
  std::set<pid_t> handling_;  // threads in a handler of the filter's signal, or about to be
};

}  // namespace

std::optional<std::uint32_t> call_at_kill(pid_t process, const std::function<void()>& release) {
  std::optional<std::uint32_t> call;
  // On a thread of its own: when the thread ends, all of its tracees are detached.
  std::thread([&] {
    CallTracer tracer(process);
    const bool traced = tracer.seize();
    release();
    if (traced) {
      call = tracer.follow_to_end();
    }
  }).join();
  return call;
}

}  // namespace heddle::inject
