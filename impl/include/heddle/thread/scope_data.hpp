// The count by which a scope knows that its threads are done.
#pragma once

#include <atomic>
#include <cstddef>
#include <limits>

#include "heddle/thread/thread.hpp"

namespace heddle::thread {

/// Counts a scope's running threads. The scope and its threads' packets share it. It is not kept in
/// the scope's frame: the thread that counts down to zero still has to unpark the owner, which may
/// already have seen the zero and returned.
///
/// Memory order. What the threads did is visible to the owner after wait_until_done(). Each
/// decrement is a release; increments and decrements are read-modify-writes and continue each
/// other's release sequence; the load that sees zero is an acquire. The increment is relaxed
/// because it happens before its thread exists, the flag because the decrement after it publishes
/// it.
class ScopeData {
 public:
  /// `main_thread` is the scope's owner, which will wait.
  explicit ScopeData(Thread main_thread) : main_thread_(std::move(main_thread)) {}

  /// Counts one more thread. Panics, and counts nothing, if there are far too many.
  void increment_num_running_threads();

  /// Counts one thread less. `panic` says that the thread ended in a panic that no join has taken.
  void decrement_num_running_threads(bool panic);

  /// Blocks the owner until no thread is left. Thread-safe with all other functions.
  void wait_until_done() const;

  bool a_thread_panicked() const { return a_thread_panicked_.load(std::memory_order_relaxed); }

  /// For tests.
  void preset_num_running_threads(std::size_t count) {
    num_running_threads_.store(count, std::memory_order_relaxed);
  }

 private:
  // Half the range: too large for racing increments to overflow before they are taken back.
  static constexpr std::size_t maximum_threads = std::numeric_limits<std::size_t>::max() / 2;

  std::atomic<std::size_t> num_running_threads_{0};
  std::atomic<bool> a_thread_panicked_{false};
  Thread main_thread_;
};

}  // namespace heddle::thread
