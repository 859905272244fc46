// thread_stacks.hpp: the call stacks of another process's threads.
//
// They are taken from outside, by ptrace and libunwind, so that nothing runs inside a process that
// has crashed or hangs.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <string>
#include <tl/expected.hpp>
#include <vector>

namespace heddle::inject {

struct StackFrame {
  std::string module;      // file of the code; empty: in no module
  std::uint64_t offset;    // from the module's load address; without a module, the address itself
  bool is_return_address;  // if so, look up the byte before it
};

struct ThreadStack {
  pid_t thread;
  std::string name;
  int signal;                      // the one that is killing the thread; 0: none
  std::vector<StackFrame> frames;  // innermost first, at most 64
};

/// Stops all threads of the process, reads their stacks, and lets them go on. The caller must be
/// allowed to trace the process, which must not be traced yet. On failure, says why. Leaves out
/// threads that end meanwhile, or do not stop within 20 seconds.
///
/// If the process executes another program meanwhile, tracer and process may wait for each other
/// until the process is killed: a caller who needs a bound kills it after a while.
tl::expected<std::vector<ThreadStack>, std::string> take_stacks(pid_t process);

/// Traces the process from now on and calls `release`, which lets it run, on another thread. When a
/// signal is about to kill the process, reads the stacks of all its threads, the killed one first,
/// and lets it die. Returns no stacks if the process ends in another way. Kills it, and says so, if
/// it still runs after `timeout_ms` milliseconds. The process need not be a child of the caller,
/// and is not reaped.
tl::expected<std::vector<ThreadStack>, std::string> stacks_at_fatal_signal(
    pid_t process, const std::function<void()>& release, int timeout_ms);

}  // namespace heddle::inject
