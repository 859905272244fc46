#include "fork_server.hpp"

#include <fcntl.h>
#include <linux/futex.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>

#include "fatal.hpp"
#include "module.hpp"
#include "often_written.hpp"
#include "raw_system_call.hpp"
#include "signals.hpp"

namespace heddle::inject {
namespace {

/// Sends a message. A failure is ignored: reading the next order shows that the driver is gone.
template <typename Message>
void tell(int descriptor, const Message& message) {
  static_cast<void>(
      raw_system_call(SYS_sendto, descriptor, &message, sizeof message, int{MSG_NOSIGNAL}, 0, 0));
}

/// Waits for the driver's next byte; false when the driver has closed the socket.
bool await_order(int descriptor) {
  char order = 0;
  long count = 0;
  do {
    count = raw_system_call(SYS_read, descriptor, &order, 1);
  } while (count == -EINTR);
  return count == 1;
}

std::uint32_t count_threads() {
  struct stat status {};
  if (raw_system_call(SYS_newfstatat, AT_FDCWD, "/proc/self/task", &status, 0) < 0) {
    return 0;  // unknown, and so not taken for one
  }
  // The folder has two links of its own, and one for each thread.
  return static_cast<std::uint32_t>(status.st_nlink) - 2;
}

void await_tracer(heddle_inject_launch& launch) {
  const std::atomic_ref hold(launch.hold);
  while (hold.load(std::memory_order_acquire) != 0) {
    static_cast<void>(raw_system_call(SYS_futex, &launch.hold, FUTEX_WAIT, 1, 0, 0, 0));
  }
}

/// Gives SIGCHLD its default action, and returns the action that it had. If SIGCHLD is ignored, the
/// kernel keeps no wait status; a program may inherit that, or ask for it in a constructor.
KernelSignalAction take_child_signal() {
  constexpr KernelSignalAction default_action{};
  KernelSignalAction programs{};
  static_cast<void>(exchange_signal_action(SIGCHLD, &default_action, &programs));
  return programs;
}

/// Makes the new process what the driver's order asks for.
void begin_run(heddle_inject_record& record, const KernelSignalAction& child_signal) {
  static_cast<void>(exchange_signal_action(SIGCHLD, &child_signal, nullptr));
  heddle_inject_launch& launch = record.launch;
  have_often_written();
  static_cast<void>(raw_system_call(SYS_close, launch.descriptor));
  // Cannot fail: a child does not lead a session.
  static_cast<void>(raw_system_call(SYS_setpgid, 0, 0));
  record.observed_process = static_cast<std::int32_t>(raw_system_call(SYS_getpid, 0));
  if (launch.working_folder[0] != '\0' &&
      raw_system_call(SYS_chdir, &launch.working_folder[0]) < 0) {
    fatal({"cannot enter the run's working folder ", &launch.working_folder[0]});
  }
  if ((launch.flags & HEDDLE_INJECT_LAUNCH_REWIND_INPUT) != 0 &&
      raw_system_call(SYS_lseek, STDIN_FILENO, 0, SEEK_SET) < 0) {
    fatal({"cannot go back to the beginning of standard input"});
  }
  if ((launch.flags & HEDDLE_INJECT_LAUNCH_HOLD) != 0) {
    await_tracer(launch);
  }
}

/// Publishes the run's process, and waits for its end. Runs in the server.
heddle_inject_ended watch(heddle_inject_launch& launch, std::int32_t process) {
  // Release: who reads the id may look at the process.
  std::atomic_ref(launch.process).store(process, std::memory_order_release);
  if ((launch.flags & HEDDLE_INJECT_LAUNCH_HOLD) != 0) {
    static_cast<void>(raw_system_call(SYS_futex, &launch.process, FUTEX_WAKE, 1, 0, 0, 0));
  }
  int wait_status = 0;
  long reaped = 0;
  do {
    reaped = raw_system_call(SYS_wait4, process, &wait_status, 0, 0);
  } while (reaped == -EINTR);
  return {static_cast<std::int32_t>(reaped), wait_status};
}

}  // namespace

void serve_runs(heddle_inject_record& record) {
  std::int32_t nobody = 0;
  const auto self = static_cast<std::int32_t>(raw_system_call(SYS_getpid, 0));
  // Relaxed: a second process learns only that there is a first.
  if (!std::atomic_ref(record.launch.server)
           .compare_exchange_strong(nobody, self, std::memory_order_relaxed)) {
    return;
  }
  const int descriptor = record.launch.descriptor;
  const std::uint32_t threads = count_threads();
  tell(descriptor, heddle_inject_greeting{self, threads == 1 ? 1U : 0U, threads});
  if (threads != 1) {
    static_cast<void>(raw_system_call(SYS_close, descriptor));
    return;
  }
  note_modules();
  const KernelSignalAction child_signal = take_child_signal();
  while (await_order(descriptor)) {
    // _Fork runs no pthread_atfork handlers: for the program and for the shim this is not a fork.
    const pid_t process = _Fork();
    if (process == 0) {
      begin_run(record, child_signal);
      return;
    }
    tell(descriptor, process > 0 ? watch(record.launch, process) : heddle_inject_ended{-errno, 0});
  }
  for (;;) {
    static_cast<void>(raw_system_call(SYS_exit_group, 0));
  }
}

}  // namespace heddle::inject
