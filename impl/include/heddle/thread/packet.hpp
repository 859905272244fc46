// The place where a thread leaves its result.
#pragma once

#include <memory>
#include <utility>

#include "heddle/panic/catch_unwind.hpp"
#include "heddle/result.hpp"
#include "heddle/slot.hpp"
#include "heddle/sys/fatal.hpp"
#include "heddle/thread/scope_data.hpp"

namespace heddle::thread {

/// A thread's result: its value, or the payload of its panic. Rust's thread::Result.
template <class T>
using Result = heddle::Result<T, panic::Payload>;

/// A thread's result, shared by the thread and its join handle. The last of the two destroys it,
/// and with it an unclaimed result.
///
/// It needs no lock: the thread writes before it lets go of its share. The joiner reads after the
/// thread is gone, or after the count of shares has shown that it has the last one.
template <class T>
class Packet {
 public:
  Packet() = default;
  Packet(const Packet&) = delete;
  Packet& operator=(const Packet&) = delete;
  ~Packet() noexcept;

  /// Counts the thread as one of the scope's until this packet dies.
  void enter(std::shared_ptr<ScopeData> scope) {
    scope->increment_num_running_threads();
    scope_ = std::move(scope);
  }

  /// @name By the thread
  /// A thread that begins and never publishes has vanished: pthread_exit took it away.
  /// @{
  void begin() noexcept { vanished_ = true; }
  void publish(Result<T> result) {
    result_.emplace(std::move(result));
    vanished_ = false;
  }
  /// @}

  /// Takes the result; nothing if the thread vanished. For the joiner, after the thread is gone.
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
  // A panic that no join has taken is the scope's to report.
  const bool unhandled_panic = vanished_ || (result_ && result_->has_error());
  // A panic of the result's destructor is fatal: at the end of a thread, no catch_unwind is around
  // this, and the payload of that panic might panic again.
  if (panic::detail::catch_panic([this] { result_.reset(); })) {
    sys::fatal("thread result panicked on drop");
  }
  // Must come last: the scope may return now, and the result may have borrowed from the frames
  // beyond.
  if (scope_) {
    scope_->decrement_num_running_threads(unhandled_panic);
  }
}

}  // namespace heddle::thread
