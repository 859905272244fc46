// Futexes: waiting for a word in memory to change.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>

#include "sys/monotonic_clock.hpp"

namespace heddle::sys {

enum class Wait { woken, timed_out };

/// Sleeps while `word` is `expected`, until it is woken or the deadline passes; without a deadline,
/// for as long as it takes. May return `woken` for no reason. A signal does not end the wait.
/// Orders no memory: callers look at `word` again.
///
/// 0 and EAGAIN (the word has changed) return `woken`; ETIMEDOUT returns `timed_out`; EINTR waits
/// on. The kernel has no reason for any other errno here. Each is fatal: going on would spin or
/// hang.
Wait futex_wait(const std::atomic<std::int32_t>& word, std::int32_t expected,
                const std::optional<Moment>& deadline);

/// Wakes one thread that sleeps on `word`, if there is one. The memory need not exist any more,
/// since the sleeper may have woken by itself and gone. Any errno is fatal: a lost wake-up is a
/// thread that hangs.
void futex_wake_one(const std::atomic<std::int32_t>& word);

}  // namespace heddle::sys
