// process_state.hpp: what the kernel says in /proc about the end and the memory of a process.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>

namespace heddle::inject {

struct ProcessState {
  pid_t parent = 0;
  char state = '?';      ///< as in proc(5): R, S, D, Z, T (stopped), t (stopped by a tracer)
  bool exiting = false;  ///< its first thread runs no code of its own any more
};

/// Nothing when there is no such process.
std::optional<ProcessState> state_of(pid_t process);

/// Whether the first thread of the process has begun to end, or the process has ended.
bool is_ending(pid_t process);

/// Whether no thread of the process will run code of its own again: it is being torn down, or is
/// a zombie, or has gone. How long that takes is the kernel's affair.
bool has_exited(pid_t process);

/// Bytes of memory that the process occupies; 0 when it has gone.
std::uint64_t resident_memory(pid_t process);

}  // namespace heddle::inject
