// thread_stacks.hpp: the call stacks of another process's threads, taken from outside.
//
// By ptrace and libunwind, so that nothing runs inside a process which has crashed or hangs.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <string>
#include <tl/expected.hpp>
#include <vector>

namespace heddle::inject {

struct StackFrame {
  std::string module;      // file of the code; empty: in none
  std::uint64_t offset;    // from its load address; the address itself where there is no module
  bool is_return_address;  // look it up one byte before
};

struct ThreadStack {
  pid_t thread;
  std::string name;
  int signal;                      // that is killing it; 0: none
  std::vector<StackFrame> frames;  // innermost first, at most 64
};

/// Stops all threads of the process, reads their stacks, and lets them go on. The caller must be
/// allowed to trace the process, which must not be traced yet. Otherwise, says why not. Threads
/// that end meanwhile are left out, and so are those that do not stop in time, 20 seconds.
///
/// A process that executes another program meanwhile may wait for its tracer, which then waits for
/// it, until the process is killed: a caller who cannot have that sees to it.
tl::expected<std::vector<ThreadStack>, std::string> take_stacks(pid_t process);

/// Traces the process from where it is now, calls `release`, which lets it run, and waits until a
/// signal is about to kill it; then reads the stacks of all its threads, the killed one first, and
/// lets it die. `release` is called on another thread. Returns no stacks when it ended in another
/// way. The process need not be a child of the caller; it is not reaped. Kills it, and says so,
/// when it still runs after `timeout_ms` milliseconds.
tl::expected<std::vector<ThreadStack>, std::string> stacks_at_fatal_signal(
    pid_t process, const std::function<void()>& release, int timeout_ms);

}  // namespace heddle::inject
