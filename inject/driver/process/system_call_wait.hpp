// system_call_wait.hpp: what a thread that sleeps in a system call waits for, and for how long.
//
// Pure: it sees the line of /proc/PID/task/TID/syscall and what lies in the program's memory, and
// asks nothing else. What it does not know may be ended by anybody.
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

/// The call in a line of /proc/PID/task/TID/syscall. Nothing when the thread runs, or sleeps
/// outside a system call.
std::optional<SystemCall> system_call_of(const std::string& line);

/// Copies from the memory of the thread's process; false when it cannot be read.
using ReadMemory = std::function<bool(std::uint64_t address, void* to, std::size_t size)>;

enum class Awaited {
  time,         // nothing but its limit, or a signal
  memory,       // futex words
  child,        // the end of a child
  descriptors,  // what others do at the other end of a descriptor
  anything      // a signal, a lock of a file, or a call that is not known here
};

struct TimeLimit {
  bool known = false;     // false: it has one, or may have one, and nobody knows when
  bool absolute = false;  // on `clock`; otherwise since the call
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
  bool is_ending = false;     // exit or exit_group: it is on its way out
  bool socket_limit = false;  // a descriptor's own limit (SO_RCVTIMEO, SO_SNDTIMEO) holds as well
  std::vector<AwaitedWord> words;
  std::vector<AwaitedDescriptor> descriptors;
};

Wait wait_of(const SystemCall& call, const ReadMemory& read);

/// "futex", or "system call 1000" of one that is not known here.
std::string system_call_name(long number);

}  // namespace heddle::inject
