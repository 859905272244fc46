// The common part of both kinds of join handle.
#pragma once

#include <memory>
#include <utility>

#include "heddle/panic/panic.hpp"
#include "heddle/sys/native_thread.hpp"
#include "heddle/thread/packet.hpp"
#include "heddle/thread/thread.hpp"

namespace heddle::thread {

/// A running thread, its handle, and the place of its result. Rust's JoinInner.
template <class T>
class JoinInner {
 public:
  JoinInner(sys::NativeThread native, Thread thread, std::shared_ptr<Packet<T>> packet)
      : packet_(std::move(packet)), thread_(std::move(thread)), native_(std::move(native)) {}

  /// Waits until the thread is gone and returns its result, or nothing if it left none. Panics, and
  /// gives the thread up, if the system refuses: a thread cannot join itself.
  Slot<Result<T>> join() && {
    // The share ends in this call, before the handle does, because a scope waits for it.
    const std::shared_ptr<Packet<T>> packet = std::move(packet_);
    if (const auto error = std::move(native_).join()) {
      panic::panic("failed to join thread: " + error->message());
    }
    return packet->take();
  }

  const Thread& thread() const noexcept { return thread_; }
  const sys::NativeThread& native() const noexcept { return native_; }
  sys::NativeThread::Id into_native() && noexcept { return std::move(native_).into_id(); }

  /// Returns whether the thread has let go of its share. What the thread wrote becomes visible only
  /// by joining it.
  bool is_finished() const noexcept { return packet_.use_count() == 1; }

 private:
  // Destroyed in reverse order: a dropped handle detaches first, and drops the result last.
  std::shared_ptr<Packet<T>> packet_;
  Thread thread_;
  sys::NativeThread native_;
};

}  // namespace heddle::thread
