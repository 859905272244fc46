#include "thread/parker.hpp"

#include "sys/futex.hpp"
#include "sys/monotonic_clock.hpp"

namespace heddle::thread {

void Parker::park() {
  // Change NOTIFIED to EMPTY, or EMPTY to PARKED.
  if (state_.fetch_sub(1, std::memory_order_acquire) == NOTIFIED) {
    return;
  }
  for (;;) {
    sys::futex_wait(state_, PARKED, std::nullopt);
    // Change NOTIFIED to EMPTY.
    std::int32_t notified = NOTIFIED;
    if (state_.compare_exchange_strong(notified, EMPTY, std::memory_order_acquire,
                                       std::memory_order_acquire)) {
      return;
    }
    // Woken for no reason: still PARKED, so wait on.
  }
}

void Parker::park_timeout(Duration timeout) {
  // Change NOTIFIED to EMPTY, or EMPTY to PARKED.
  if (state_.fetch_sub(1, std::memory_order_acquire) == NOTIFIED) {
    return;
  }
  // Once is enough: the caller has to expect a return without a token anyway.
  sys::futex_wait(state_, PARKED, sys::moment_after(timeout));
  // Change NOTIFIED or PARKED to EMPTY. An unpark that comes between the wait and this is consumed;
  // one that comes later finds EMPTY, and its token stays for the next park.
  state_.exchange(EMPTY, std::memory_order_acquire);
}

void Parker::unpark() {
  // Change any state to NOTIFIED.
  if (state_.exchange(NOTIFIED, std::memory_order_release) == PARKED) {
    sys::futex_wake_one(state_);
  }
}

}  // namespace heddle::thread
