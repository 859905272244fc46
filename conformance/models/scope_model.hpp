// A model of a scope with a tree of threads. Plain C++, so that properties and fuzz targets can
// drive it.
#pragma once

#include <cstddef>
#include <vector>

namespace heddle::conformance {

/// The threads of one scope, each spawned by the body or by an earlier thread, and the way in which
/// the scope has to end (Rust: std::thread::scope).
class ScopeModel {
 public:
  /// Stands for the scope's body where a thread's number says who spawns.
  static constexpr std::size_t body = static_cast<std::size_t>(-1);

  struct Thread {
    std::size_t parent;
    bool panics;
    bool joined;
  };

  enum class End {
    returns,         ///< with the body's value
    body_panic,      ///< with the body's payload, whatever the threads did
    threads_panics,  ///< since no join took a thread's panic
  };

  /// Adds a thread that is spawned by the body or by an earlier thread, as `choice` says.
  void add(std::size_t choice, bool panics, bool joined) {
    const std::size_t picked = choice % (threads_.size() + 1);
    threads_.push_back({picked == 0 ? body : picked - 1, panics, joined});
  }

  void let_body_panic() { body_panics_ = true; }
  bool body_panics() const { return body_panics_; }

  const std::vector<Thread>& threads() const { return threads_; }

  /// Returns the threads that this one spawns, in order.
  std::vector<std::size_t> spawned_by(std::size_t parent) const {
    std::vector<std::size_t> numbers;
    for (std::size_t number = 0; number < threads_.size(); ++number) {
      if (threads_[number].parent == parent) {
        numbers.push_back(number);
      }
    }
    return numbers;
  }

  End end() const {
    if (body_panics_) {
      return End::body_panic;
    }
    for (const Thread& thread : threads_) {
      if (thread.panics && !thread.joined) {
        return End::threads_panics;
      }
    }
    return End::returns;
  }

 private:
  std::vector<Thread> threads_;
  bool body_panics_ = false;
};

}  // namespace heddle::conformance
