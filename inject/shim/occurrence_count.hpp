// occurrence_count.hpp: counts of calls that start anew with each generation of the control block.
//
// The generation and the count share one word, so that a restart is one atomic step: neither
// another thread nor a signal handler on this one ever finds a count half restarted. Hence the shim
// can be re-entered without a guard, which a handler that jumps out would leave shut.
#pragma once

#include <atomic>
#include <cstdint>

#include "processor.hpp"

namespace heddle::inject {

/// A count is full after 10^12 calls. An old count could pass for a new one only after 2^24
/// generations without any call that the rule looks at.
constexpr unsigned occurrence_count_bits = 40;
constexpr std::uint64_t largest_occurrence = (std::uint64_t{1} << occurrence_count_bits) - 1;

/// Returns the word that follows `seen` within `generation`.
inline std::uint64_t next_occurrence_word(std::uint64_t seen, std::uint32_t generation) {
  const std::uint64_t tag = std::uint64_t{generation} << occurrence_count_bits;
  const std::uint64_t count = (seen & ~largest_occurrence) == tag ? seen & largest_occurrence : 0;
  // A full count stays full, lest it carry into the generation.
  return tag | (count == largest_occurrence ? count : count + 1);
}

/// A count of the process. Zero-initialised; any thread, async-signal-safe.
class OccurrenceCount {
 public:
  /// Counts one more call and returns its ordinal within `generation`, from 1.
  std::uint64_t next(std::uint32_t generation) {
    // Relaxed: only the ordinals are agreed upon; they publish nothing.
    std::uint64_t seen = word_.load(std::memory_order_relaxed);
    std::uint64_t wanted = 0;
    do {
      wanted = next_occurrence_word(seen, generation);
    } while (!word_.compare_exchange_weak(seen, wanted, std::memory_order_relaxed));
    return wanted & largest_occurrence;
  }

 private:
  std::atomic<std::uint64_t> word_{0};
};

/// A count of one thread. Zero-initialised; for that thread alone, async-signal-safe.
class ThreadOccurrenceCount {
 public:
  /// Counts like OccurrenceCount::next.
  std::uint64_t next(std::uint32_t generation) {
    std::uint64_t seen = word_;
    for (;;) {
      const std::uint64_t wanted = next_occurrence_word(seen, generation);
      if (exchange_in_thread(word_, seen, wanted)) {
        return wanted & largest_occurrence;
      }
    }
  }

 private:
  std::uint64_t word_{0};
};

}  // namespace heddle::inject
