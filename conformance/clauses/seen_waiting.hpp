// Waiting, as one thread sees it of another.
#pragma once

#include <ctime>

#include "stage/kernel_thread.hpp"
#include "stage/signal.hpp"
#include "stage/system_call.hpp"

namespace heddle::conformance {

/// Lets other threads run for a moment, even on a busy machine.
inline void pause_between_looks() {
  const timespec pause{.tv_sec = 0, .tv_nsec = 100'000};
  // EINTR: a shorter pause will do. There is no other error.
  static_cast<void>(system_call(SYS_nanosleep, reinterpret_cast<long>(&pause)));
}

/// Returns whether the thread with this kernel number waits in a call, after which it sets
/// `returned`. False is certain: the call has returned. True needs several looks that find the
/// thread asleep, so that a short sleep for a lock does not count. A thread that is always found
/// awake, since its runtime waits by spinning, counts as waiting in the end.
inline bool is_seen_waiting(std::int32_t kernel_thread_id, Signal returned) {
  constexpr int most_looks = 3000;
  constexpr int enough = 3;
  int asleep = 0;
  for (int look = 0; look < most_looks && asleep < enough; ++look) {
    asleep = is_asleep(kernel_thread_id) ? asleep + 1 : 0;
    if (returned.is_set()) {
      return false;
    }
    pause_between_looks();
  }
  return !returned.is_set();
}

}  // namespace heddle::conformance
