// A model of threads' results: who owns them, and what becomes of them. Plain C++, so that
// properties and fuzz targets can drive it.
#pragma once

#include <cstddef>
#include <vector>

namespace heddle::conformance {

/// What becomes of a thread's result or payload.
enum class Fate {
  pending,              ///< neither claimed nor dropped yet
  handed_back,          ///< join has returned it
  dropped_on_thread,    ///< the thread ended when its join handle was gone
  dropped_with_handle,  ///< the join handle was dropped when the thread had ended
};

/// Any number of threads, each with a join handle that is eaten once: Rust's JoinHandle and Packet.
/// The caller must ask before a call whether a program could make it.
class ThreadResultsModel {
 public:
  std::size_t threads() const { return threads_.size(); }
  bool runs(std::size_t thread) const { return threads_[thread].runs; }
  bool has_handle(std::size_t thread) const { return threads_[thread].has_handle; }
  Fate fate(std::size_t thread) const { return threads_[thread].fate; }

  void spawn() { threads_.push_back({}); }

  /// Ends a thread, which must be running.
  void end(std::size_t thread) {
    threads_[thread].runs = false;
    if (!threads_[thread].has_handle) {
      threads_[thread].fate = Fate::dropped_on_thread;
    }
  }

  /// Must have a handle. The thread is gone afterwards.
  void join(std::size_t thread) {
    threads_[thread] = {.runs = false, .has_handle = false, .fate = Fate::handed_back};
  }

  /// Must have a handle.
  void drop_handle(std::size_t thread) {
    threads_[thread].has_handle = false;
    if (!threads_[thread].runs) {
      threads_[thread].fate = Fate::dropped_with_handle;
    }
  }

 private:
  struct Thread {
    bool runs = true;
    bool has_handle = true;
    Fate fate = Fate::pending;
  };
  std::vector<Thread> threads_;
};

}  // namespace heddle::conformance
