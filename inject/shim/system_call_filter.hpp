// system_call_filter.hpp: whether the program filters its own system calls (seccomp).
//
// Such a filter lists what the program needs, and may kill for any other call. So from the first
// filter on, the shim makes as few calls of its own as it can.
#pragma once

#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include <atomic>

namespace heddle::inject {

/// Set for good by the first request for a filter, whether or not it succeeds. Relaxed: the flag
/// publishes nothing but itself. A thread that reads it late makes a dispensable call.
inline constinit std::atomic<bool> filter_requested{false};

/// Call before the program's prctl.
inline void note_prctl(long option) {
  if (option == PR_SET_SECCOMP) [[unlikely]] {
    filter_requested.store(true, std::memory_order_relaxed);
  }
}

/// Call before a system call that the program makes in another way.
inline void note_system_call(long number, long first_argument) {
  if (number == SYS_prctl) [[unlikely]] {
    note_prctl(first_argument);
  } else if (number == SYS_seccomp && (first_argument == SECCOMP_SET_MODE_STRICT ||
                                       first_argument == SECCOMP_SET_MODE_FILTER)) [[unlikely]] {
    filter_requested.store(true, std::memory_order_relaxed);
  }
}

/// Says whether calls that the shim can do without must be left out.
inline bool is_filtered() {
  return filter_requested.load(std::memory_order_relaxed);
}

}  // namespace heddle::inject
