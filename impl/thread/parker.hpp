// Parking: one thread waits for a token that any thread can give it.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>

#include "heddle/duration.hpp"

namespace heddle::thread {

/// One thread's token, which is there or not. The owner parks; any thread unparks.
///
/// The state is notified when the token is there, parked while the owner waits, and otherwise
/// empty. park counts down, which takes notified to empty and empty to parked in one step. unpark
/// swaps in notified, and wakes the owner if the state was parked.
///
/// Memory order. What a thread did before unpark is visible to the owner after the park that
/// consumed the token. The swap in unpark is a release. It always writes, even when it finds
/// notified, so every unpark is in the chain that the consuming step reads from. Three steps may
/// consume the token: the count-down, the compare-exchange in park, and the swap in park_timeout.
/// Each is an acquire and a read-modify-write, so that none of them overwrites a token unseen. Only
/// the state orders memory; the futex does not.
///
/// The parker holds the futex word. A Thread handle keeps the parker alive, so an unpark may touch
/// the word even after the thread is gone.
class Parker {
 public:
  /// Blocks until there is a token, and consumes it. For the owner only.
  void park();

  /// Blocks likewise, but returns when the time is over, and may return earlier for no reason.
  /// Consumes the token if there is one. For the owner only.
  void park_timeout(Duration timeout);

  /// Leaves a token, unless there is one already. Never blocks. Can be called on any thread.
  void unpark();

 private:
  static constexpr std::int32_t parked = -1;
  static constexpr std::int32_t empty = 0;
  static constexpr std::int32_t notified = 1;

  std::atomic<std::int32_t> state_{empty};
};

}  // namespace heddle::thread
