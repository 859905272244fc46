// Waiting for a token that others hand to one thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>

#include "heddle/duration.hpp"

namespace heddle::thread {

/// One thread's token: it is there or not. The owner parks, anyone unparks.
///
/// The state is empty or notified, the latter being the token, and parked while the owner waits.
/// park counts down, which takes notified to empty and empty to parked in one step; unpark swaps in
/// notified, and wakes the owner if that was parked before.
///
/// Memory order. What a thread did before unpark is visible to the owner after the park that
/// consumed the token: the swap in unpark is a release, and it writes always, also where it finds
/// notified, so that every unpark is in the chain that the consuming step reads from; each of the
/// three steps that may consume the token (the count-down, the compare-exchange in park, the swap
/// in park_timeout) is an acquire and a read-modify-write, so that none of them overwrites a token
/// unseen. The futex orders nothing; only the state does.
///
/// The word is the parker's own and stays where it is: a Thread handle keeps it alive, so that an
/// unpark may still touch it when its thread is gone.
class Parker {
 public:
  /// Blocks until there is a token, and consumes it. By the owner only.
  void park();

  /// The same, but gives up when the time is over, and may give up earlier for no reason. Consumes
  /// the token if there is one. By the owner only.
  void park_timeout(Duration timeout);

  /// Leaves a token, unless there is one. Never blocks. Any thread.
  void unpark();

 private:
  static constexpr std::int32_t parked = -1;
  static constexpr std::int32_t empty = 0;
  static constexpr std::int32_t notified = 1;

  std::atomic<std::int32_t> state_{empty};
};

}  // namespace heddle::thread
