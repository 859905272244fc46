// process_state.hpp: what the kernel says in /proc about the end and the memory of a process.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>

namespace heddle::inject {

/// The state of one thread. The state of a process is that of its first thread.
struct ProcessState {
  pid_t parent = 0;
  char state = '?';      ///< as in proc(5): R, S, D, Z, T (stopped), t (stopped by a tracer)
  bool exiting = false;  ///< the thread has begun to end
  std::int64_t processor_ms = 0;  ///< including children that have been waited for

  /// Says whether the thread is over. The kernel lists a first thread until all have ended.
  bool has_ended() const { return state == 'Z' || state == 'X'; }
};

/// Reads the state of a process; nothing when there is no such process.
std::optional<ProcessState> state_of(pid_t process);

/// Reads the state of a thread; nothing when the process has no such thread.
std::optional<ProcessState> state_of(pid_t process, pid_t thread);

/// Says whether the first thread of the process has begun to end, or the process has ended.
bool is_ending(pid_t process);

/// Says whether all threads of the process have run their last code: it is being torn down, or is a
/// zombie, or has gone. The kernel may take its time over that.
bool has_exited(pid_t process);

/// Returns the bytes of memory that the process occupies; 0 when it has gone.
std::uint64_t resident_memory(pid_t process);

}  // namespace heddle::inject
