#include "sys/futex.hpp"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>

#include "heddle/sys/fatal.hpp"

namespace heddle::sys {

// Uses the bitset form, whose timeout is a moment rather than a span: waiting on after a signal
// does not start the time anew.
Wait futex_wait(const std::atomic<std::int32_t>& word, std::int32_t expected,
                const std::optional<Moment>& deadline) {
  timespec until{};
  if (deadline) {
    until = {.tv_sec = deadline->seconds, .tv_nsec = deadline->nanoseconds};
  }
  for (;;) {
    const long answer =
        ::syscall(SYS_futex, &word, FUTEX_WAIT_BITSET | FUTEX_PRIVATE_FLAG, expected,
                  deadline ? &until : nullptr, nullptr, FUTEX_BITSET_MATCH_ANY);
    if (answer == 0 || errno == EAGAIN) {
      return Wait::woken;
    }
    if (errno == ETIMEDOUT) {
      return Wait::timed_out;
    }
    if (errno != EINTR) {
      fatal_call("futex (FUTEX_WAIT_BITSET)", errno);
    }
    // The kernel would report this by EAGAIN; but a storm of signals, or of injected faults, may
    // keep the call from ever getting that far. Relaxed: the caller does the ordering.
    if (word.load(std::memory_order_relaxed) != expected) {
      return Wait::woken;
    }
  }
}

void futex_wake_one(const std::atomic<std::int32_t>& word) {
  if (::syscall(SYS_futex, &word, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 1) < 0) {
    fatal_call("futex (FUTEX_WAKE)", errno);
  }
}

}  // namespace heddle::sys
