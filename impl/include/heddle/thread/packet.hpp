// Where a thread leaves its result.
#pragma once

#include <memory>
#include <utility>

#include "heddle/panic/catch_unwind.hpp"
#include "heddle/result.hpp"
#include "heddle/slot.hpp"
#include "heddle/sys/fatal.hpp"
#include "heddle/thread/scope_data.hpp"

namespace heddle::thread {

/// How a thread ended: its value, or the payload of its panic. Rust's thread::Result.
template <class T>
using Result = heddle::Result<T, panic::Payload>;

/// Shared by a thread and whoever holds its join handle; the last of them destroys it, and with it
/// a result that nobody has claimed.
///
/// Has no lock: the thread writes before it lets go of its share, and the joiner reads after the
/// thread is gone, or else after the count of shares has told that it is the last.
template <class T>
class Packet {
 public:
  Packet() = default;
  Packet(const Packet&) = delete;
  Packet& operator=(const Packet&) = delete;
  ~Packet() noexcept;

  /// Counts the thread as one of the scope's, from now until this packet dies.
  void enter(std::shared_ptr<ScopeData> scope) {
    scope->increment_num_running_threads();
    scope_ = std::move(scope);
  }

  /// @name By the thread
  /// A thread that has begun and never publishes has vanished: pthread_exit took it away.
  /// @{
  void begin() noexcept { vanished_ = true; }
  void publish(Result<T> result) {
    result_.emplace(std::move(result));
    vanished_ = false;
  }
  /// @}

  /// By the joiner, after the thread is gone: how it ended; nothing if it vanished.
  Slot<Result<T>> take() {
    vanished_ = false;
    return std::move(result_);
  }

 private:
  std::shared_ptr<ScopeData> scope_;
  Slot<Result<T>> result_;
  bool vanished_ = false;
};

template <class T>
Packet<T>::~Packet() noexcept {
  // What nobody has joined is what the scope has to tell.
  const bool unhandled_panic = vanished_ || (result_ && result_->has_error());
  // A panic of the result's destructor has nowhere to go: at the end of a thread there is no
  // catch_unwind around this, and the payload of that panic might panic again.
  if (panic::detail::catch_panic([this] { result_.reset(); })) {
    sys::fatal("thread result panicked on drop");
  }
  // Last, because the scope may return now, and the result may have borrowed from what lies beyond.
  if (scope_) {
    scope_->decrement_num_running_threads(unhandled_panic);
  }
}

}  // namespace heddle::thread
