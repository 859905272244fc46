// system_call_wait.hpp: what a thread that sleeps in a system call waits for, and how long.
//
// All is read from the line in /proc/PID/task/TID/syscall and from the program's memory. A wait
// that is not understood counts as one that anybody may end.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <time.h>

namespace heddle::inject {

struct SystemCall {
  long number = 0;
  std::uint64_t arguments[6] = {};
};

/// Returns the call in a line of /proc/PID/task/TID/syscall. Nothing when the thread runs, or
/// sleeps outside a system call.
std::optional<SystemCall> system_call_of(const std::string& line);

/// Copies from the memory of the thread's process; false when it cannot be read.
using ReadMemory = std::function<bool(std::uint64_t address, void* to, std::size_t size)>;

enum class Awaited {
  time,         // nothing but its limit, or a signal
  memory,       // futex words
  child,        // the end of a child
  descriptors,  // an event at the other end of a descriptor
  anything      // a signal, a lock of a file, or an unknown call
};

struct TimeLimit {
  bool known = false;     // false: there is a limit, or may be one, at an unknown time
  bool absolute = false;  // true: a time on `clock`; false: since the call
  clockid_t clock = CLOCK_MONOTONIC;
  std::int64_t nanoseconds = 0;
};

struct AwaitedWord {
  std::uint64_t address;
  bool process_private;
};

struct AwaitedDescriptor {
  int descriptor;
  bool for_writing;
};

struct Wait {
  std::string call;
  Awaited awaited = Awaited::anything;
  std::optional<TimeLimit> limit;
  bool is_ending = false;     // exit or exit_group: the thread is ending
  bool socket_limit = false;  // the socket's own limit (SO_RCVTIMEO, SO_SNDTIMEO) applies as well
  std::vector<AwaitedWord> words;
  std::vector<AwaitedDescriptor> descriptors;
};

Wait wait_of(const SystemCall& call, const ReadMemory& read);

/// Returns "futex", or "system call 1000" for an unknown call.
std::string system_call_name(long number);

}  // namespace heddle::inject
