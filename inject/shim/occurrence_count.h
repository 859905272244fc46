// occurrence_count.h: a count of calls that starts anew with each generation of the control block.
#ifndef HEDDLE_INJECT_SHIM_OCCURRENCE_COUNT_H
#define HEDDLE_INJECT_SHIM_OCCURRENCE_COUNT_H

#include <atomic>
#include <cstdint>

namespace heddle::inject {

/// The generation and the count share one word, so that starting anew is one atomic step: no moment
/// exists at which another thread, or a signal handler on this one, finds a count half restarted.
/// That is what makes the shim safe to re-enter without a guard, which a handler that jumps out
/// would leave shut. Zero-initialised; any thread, async-signal-safe.
class OccurrenceCount {
 public:
  /// Counts one more call and returns its ordinal within `generation`, from 1.
  uint64_t next(uint32_t generation) {
    const uint64_t tag = uint64_t{generation} << kCountBits;
    // Relaxed: the ordinals themselves are all that is agreed upon, nothing is published by them.
    uint64_t seen = word_.load(std::memory_order_relaxed);
    uint64_t wanted = 0;
    do {
      const bool same_generation = (seen & ~kLargestCount) == tag;
      const uint64_t count = same_generation ? (seen & kLargestCount) : 0;
      // A full count stays full, lest it carry into the generation.
      wanted = tag | (count == kLargestCount ? count : count + 1);
    } while (!word_.compare_exchange_weak(seen, wanted, std::memory_order_relaxed));
    return wanted & kLargestCount;
  }

 private:
  /// 10^12 calls before a count is full; and 2^24 generations, all of them without one call that
  /// the rule looks at, before an old count could pass for a new one.
  static constexpr unsigned kCountBits = 40;
  static constexpr uint64_t kLargestCount = (uint64_t{1} << kCountBits) - 1;

  std::atomic<uint64_t> word_{0};
};

}  // namespace heddle::inject

#endif
