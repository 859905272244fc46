#include "thread/parker.hpp"

#include "heddle/sys/annotations.hpp"
#include "sys/futex.hpp"
#include "sys/monotonic_clock.hpp"

namespace heddle::thread {

void Parker::park() {
  // Change notified to empty, or empty to parked.
  if (state_.fetch_sub(1, std::memory_order_acquire) == notified) {
    sys::annotations::acquires(&state_);
    return;
  }
  for (;;) {
    sys::futex_wait(state_, parked, std::nullopt);
    // Change notified to empty.
    std::int32_t expected = notified;
    if (state_.compare_exchange_strong(expected, empty, std::memory_order_acquire,
                                       std::memory_order_acquire)) {
      sys::annotations::acquires(&state_);
      return;
    }
    // A spurious wake-up: still parked, so wait on.
  }
}

void Parker::park_timeout(Duration timeout) {
  // Change notified to empty, or empty to parked.
  if (state_.fetch_sub(1, std::memory_order_acquire) == notified) {
    sys::annotations::acquires(&state_);
    return;
  }
  // One wait is enough: the caller must expect a return without a token anyway.
  sys::futex_wait(state_, parked, sys::moment_after(timeout));
  // Change notified or parked to empty. An unpark between the wait and this exchange is consumed; a
  // later one finds empty, and leaves its token to the next park.
  if (state_.exchange(empty, std::memory_order_acquire) == notified) {
    sys::annotations::acquires(&state_);
  }
}

void Parker::unpark() {
  sys::annotations::releases(&state_);
  // Change any state to notified.
  if (state_.exchange(notified, std::memory_order_release) == parked) {
    sys::futex_wake_one(state_);
  }
}

}  // namespace heddle::thread
