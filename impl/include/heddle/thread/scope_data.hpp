// How a scope knows that its threads are done.
#pragma once

#include <atomic>
#include <cstddef>
#include <limits>

#include "heddle/thread/thread.hpp"

namespace heddle::thread {

/// Counts a scope's running threads. Shared by the scope and the packets of its threads rather than
/// kept in the scope's frame: the thread that counts down to zero still has to unpark the owner,
/// who may by then have seen the zero and returned.
///
/// Memory order. What the threads did is visible to the owner after wait_until_done: each decrement
/// is a release, the increments and decrements are read-modify-writes and continue each other's
/// release sequence, and the load that sees zero is an acquire. The increment and the flag are
/// relaxed: the former happens before its thread exists, the latter before the decrement that
/// publishes it.
class ScopeData {
 public:
  /// `main_thread` is the scope's owner, who will wait.
  explicit ScopeData(Thread main_thread) : main_thread_(std::move(main_thread)) {}

  /// Panics, and counts nothing, when there are far too many.
  void increment_num_running_threads();

  /// `panic`: the thread ended with a panic that nobody has looked at.
  void decrement_num_running_threads(bool panic);

  /// Blocks the owner until no thread is left. Thread-safe against all others.
  void wait_until_done() const;

  bool a_thread_panicked() const { return a_thread_panicked_.load(std::memory_order_relaxed); }

  /// For tests.
  void preset_num_running_threads(std::size_t count) {
    num_running_threads_.store(count, std::memory_order_relaxed);
  }

 private:
  // Half the range: so many racing increments cannot come before each has been taken back.
  static constexpr std::size_t maximum_threads = std::numeric_limits<std::size_t>::max() / 2;

  std::atomic<std::size_t> num_running_threads_{0};
  std::atomic<bool> a_thread_panicked_{false};
  Thread main_thread_;
};

}  // namespace heddle::thread
