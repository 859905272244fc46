#include "raw_layer.hpp"

#include <sys/syscall.h>

#include <cerrno>

#include "../fatal.hpp"
#include "../next_definitions.hpp"
#include "../raw_system_call.hpp"
#include "../valgrind.hpp"
#include "signal_actions.hpp"
#include "trap_handler.hpp"

namespace heddle::inject {
namespace {

extern "C" {
/// Arms the calling thread; returns 0, or a negative errno. See departures.S.
long heddle_inject_arm_thread();
/// Ends a new thread or process that could not be armed.
[[noreturn]] void heddle_inject_child_is_unarmed();

/// 1: this thread's system calls are trapped; 0: they are let through. The kernel reads it.
__attribute__((used)) constinit thread_local char heddle_inject_selector = 0;
}

void heddle_inject_child_is_unarmed() {
  fatal({"the raw layer cannot follow a new thread or process: the kernel refuses its prctl"});
}

[[noreturn]] void refuse(const char* reason) {
  fatal({"the raw layer is not possible here: ", reason, "; run without --raw"}, raw_refused);
}

}  // namespace

void start_raw_layer() {
  const int saved_errno = errno;
  // Valgrind would apply the prctl to its own calls, and be killed by them.
  if (under_valgrind) {
    refuse("Valgrind makes the program's system calls in its own name");
  }
  install_trap_handler(&handle_trap);
  // The signal may be blocked, by inheritance. SIG_UNBLOCK cannot fail.
  static_cast<void>(
      raw_system_call(SYS_rt_sigprocmask, SIG_UNBLOCK, &trap_signal, nullptr, sizeof(SignalSet)));
  if (heddle_inject_arm_thread() != 0) {
    refuse("this kernel has no Syscall User Dispatch (Linux 5.11 or later, on x86-64)");
  }
  // Success of the prctl proves nothing: an emulator of the kernel may know only its number.
  if (next_definitions.syscall(proof_number) != proof_answer) {
    refuse("the kernel's Syscall User Dispatch does not trap");
  }
  errno = saved_errno;
}

}  // namespace heddle::inject
