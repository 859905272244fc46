// Owning a thread's end.
#pragma once

#include <utility>

#include "heddle/thread/join_inner.hpp"

namespace heddle::thread {

/// Owns the right to wait for a thread. Move-only; when it is destroyed, the thread runs on, and a
/// result it has left or will leave is dropped. Rust's JoinHandle.
template <class T>
class JoinHandle {
 public:
  using NativeId = sys::NativeThread::Id;  ///< a pthread_t

  explicit JoinHandle(JoinInner<T> inner) : inner_(std::move(inner)) {}

  const Thread& thread() const noexcept { return inner_.thread(); }
  /// The thread has run to its end, though its thread locals may still be dying. Never blocks.
  bool is_finished() const noexcept { return inner_.is_finished(); }

  /// Waits until the thread is gone, its thread locals included. Panics when the system refuses, as
  /// it does a thread that joins itself, and when the thread ended without a result.
  Result<T> join() && {
    Slot<Result<T>> outcome = std::move(*this).join_outcome();
    if (!outcome) {
      panic::panic("the thread ended without a result: pthread_exit or cancellation took it away");
    }
    return outcome.take();
  }
  /// The same, but nothing for a thread that ended without a result.
  Slot<Result<T>> join_outcome() && { return std::move(inner_).join(); }

  /// The pthread_t; must not be joined or detached. Rust's as_pthread_t.
  NativeId as_pthread_t() const noexcept { return inner_.native().id(); }
  /// The pthread_t, which is the caller's to join or detach. Rust's into_pthread_t.
  NativeId into_pthread_t() && noexcept { return std::move(inner_).into_native(); }

 private:
  JoinInner<T> inner_;
};

}  // namespace heddle::thread
