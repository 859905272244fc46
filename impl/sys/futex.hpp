// Waiting for a word in memory to change.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>

#include "sys/monotonic_clock.hpp"

namespace heddle::sys {

enum class Wait { woken, timed_out };

/// Sleeps while `word` is `expected`, until somebody wakes it or the deadline has come; without a
/// deadline, for as long as it takes. May return `woken` for no reason at all. A signal does not
/// end it. Orders nothing: callers look at `word` again.
///
/// 0 and EAGAIN (the word was another) are `woken`; ETIMEDOUT is `timed_out`; EINTR waits on. The
/// kernel has no reason for any other errno here, and each is fatal: going on would spin or hang.
Wait futex_wait(const std::atomic<std::int32_t>& word, std::int32_t expected,
                const std::optional<Moment>& deadline);

/// Wakes one thread that sleeps on `word`, if there is one. The memory need not exist any more,
/// since the sleeper may have woken by itself and gone. Any errno is fatal: a lost wake-up is a
/// thread that hangs.
void futex_wake_one(const std::atomic<std::int32_t>& word);

}  // namespace heddle::sys
