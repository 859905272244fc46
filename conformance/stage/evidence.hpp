// The evidence that a case leaves behind: shared memory that the case writes and the worker reads.
// It survives every way in which the case can end.
//
// The worker maps the memory, the template inherits it, and it is zeroed before each case. Counters
// are atomic because several threads of the case write at the same time. An event is complete when
// its `ready` is set.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace heddle::conformance {

struct Event {
  std::atomic<std::uint32_t> ready;
  std::uint32_t thread;  ///< serial number within the case; main is 1
  std::array<char, 120> text;
};

struct Evidence {
  static constexpr std::size_t maximum_events = 4096;
  static constexpr std::size_t maximum_text = 1024;

  std::atomic<std::uint32_t> began;      ///< the check has begun
  std::atomic<std::uint32_t> finished;   ///< the check has returned
  std::atomic<std::uint32_t> searched;   ///< the search for leaks is over, if there was one
  std::atomic<std::uint32_t> death_due;  ///< the check has said that the process must die now

  /// The first expectation that was not met: claimed by one thread, complete when `failed` is set.
  std::atomic<std::uint32_t> failure_claimed;
  std::atomic<std::uint32_t> failed;
  std::array<char, maximum_text> expected;
  std::array<char, maximum_text> happened;

  /// Why the case cannot judge: the suite lacks resources, or a precondition was not met.
  std::atomic<std::uint32_t> excused;
  std::atomic<std::uint32_t> internal;  ///< the excuse is an internal error
  std::array<char, maximum_text> excuse;

  std::atomic<std::uint64_t> fault_reached;
  std::atomic<std::uint64_t> fault_fired;

  std::atomic<std::uint32_t> event_count;  ///< may exceed maximum_events: only the last are kept
  std::array<Event, maximum_events> events;
};

static_assert(std::atomic<std::uint64_t>::is_always_lock_free);

}  // namespace heddle::conformance
