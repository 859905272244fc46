// occurrence_count.h: counts of calls that start anew with each generation of the control block.
//
// The generation and the count share one word, so that starting anew is one atomic step: no moment
// exists at which another thread, or a signal handler on this one, finds a count half restarted.
// That is what makes the shim safe to re-enter without a guard, which a handler that jumps out
// would leave shut.
#ifndef HEDDLE_INJECT_SHIM_OCCURRENCE_COUNT_H
#define HEDDLE_INJECT_SHIM_OCCURRENCE_COUNT_H

#include <atomic>
#include <cstdint>

namespace heddle::inject {

/// 10^12 calls before a count is full; and 2^24 generations, all of them without one call that the
/// rule looks at, before an old count could pass for a new one.
constexpr unsigned kOccurrenceCountBits = 40;
constexpr uint64_t kLargestOccurrence = (uint64_t{1} << kOccurrenceCountBits) - 1;

/// The word after `seen`, within `generation`.
inline uint64_t next_occurrence_word(uint64_t seen, uint32_t generation) {
  const uint64_t tag = uint64_t{generation} << kOccurrenceCountBits;
  const uint64_t count = (seen & ~kLargestOccurrence) == tag ? seen & kLargestOccurrence : 0;
  // A full count stays full, lest it carry into the generation.
  return tag | (count == kLargestOccurrence ? count : count + 1);
}

/// A count of the process. Zero-initialised; any thread, async-signal-safe.
class OccurrenceCount {
 public:
  /// Counts one more call and returns its ordinal within `generation`, from 1.
  uint64_t next(uint32_t generation) {
    // Relaxed: the ordinals themselves are all that is agreed upon, nothing is published by them.
    uint64_t seen = word_.load(std::memory_order_relaxed);
    uint64_t wanted = 0;
    do {
      wanted = next_occurrence_word(seen, generation);
    } while (!word_.compare_exchange_weak(seen, wanted, std::memory_order_relaxed));
    return wanted & kLargestOccurrence;
  }

 private:
  std::atomic<uint64_t> word_{0};
};

/// A count of one thread. Zero-initialised; that thread alone, async-signal-safe.
class ThreadOccurrenceCount {
 public:
  /// As OccurrenceCount::next.
  uint64_t next(uint32_t generation) {
    uint64_t seen = word_;
    for (;;) {
      const uint64_t wanted = next_occurrence_word(seen, generation);
      // One instruction, so that no signal handler comes in between; without the bus lock, which
      // only other threads would need and which is most of what a call costs.
      bool exchanged = false;
      __asm__ volatile("cmpxchgq %[wanted], %[word]"
                       : "=@ccz"(exchanged), [word] "+m"(word_), "+a"(seen)
                       : [wanted] "r"(wanted)
                       : "memory");
      if (exchanged) {
        return wanted & kLargestOccurrence;
      }
    }
  }

 private:
  uint64_t word_{0};
};

}  // namespace heddle::inject

#endif
