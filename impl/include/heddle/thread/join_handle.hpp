// The handle that joins a thread.
#pragma once

#include <utility>

#include "heddle/thread/join_inner.hpp"

namespace heddle::thread {

/// Owns the right to wait for a thread. Move-only. Destroying the handle lets the thread run on,
/// and its result is dropped. Rust's JoinHandle.
template <class T>
class JoinHandle {
 public:
  using NativeId = sys::NativeThread::Id;  ///< a pthread_t

  explicit JoinHandle(JoinInner<T> inner) : inner_(std::move(inner)) {}

  const Thread& thread() const noexcept { return inner_.thread(); }
  /// Returns whether the thread's body has ended; its thread locals may still be dying. Never
  /// blocks.
  bool is_finished() const noexcept { return inner_.is_finished(); }

  /// Waits until the thread is gone, including its thread locals, and returns its result. Panics if
  /// the thread ended without a result, or if the system refuses: a thread cannot join itself.
  Result<T> join() && {
    Slot<Result<T>> outcome = std::move(*this).join_outcome();
    if (!outcome) {
      panic::panic("the thread ended without a result: pthread_exit or cancellation took it away");
    }
    return outcome.take();
  }
  /// Does what join() does, but returns nothing for a thread that ended without a result.
  Slot<Result<T>> join_outcome() && { return std::move(inner_).join(); }

  /// Returns the pthread_t, which must not be joined or detached. Rust's as_pthread_t.
  NativeId as_pthread_t() const noexcept { return inner_.native().id(); }
  /// Gives up the pthread_t to the caller, who joins or detaches it. Rust's into_pthread_t.
  NativeId into_pthread_t() && noexcept { return std::move(inner_).into_native(); }

 private:
  JoinInner<T> inner_;
};

}  // namespace heddle::thread
