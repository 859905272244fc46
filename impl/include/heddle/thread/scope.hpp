// Scopes: threads that may borrow, because scope() waits for them.
#pragma once

#include <cstddef>
#include <memory>
#include <type_traits>
#include <utility>

#include "heddle/panic/catch_unwind.hpp"
#include "heddle/panic/panic.hpp"
#include "heddle/thread/builder.hpp"
#include "heddle/thread/current.hpp"
#include "heddle/thread/scope_data.hpp"

namespace heddle::thread {
class Scope;
}
namespace heddle::testing {
// For tests: documented in testing/presets.hpp, which is not installed.
void set_running_threads(const thread::Scope& scope, std::size_t count);
}  // namespace heddle::testing

namespace heddle::thread {

/// The join handle of a scope's thread. While it lives the scope does not end, even if the thread
/// has ended. Rust's ScopedJoinHandle.
template <class T>
class ScopedJoinHandle {
 public:
  explicit ScopedJoinHandle(JoinInner<T> inner) : inner_(JoinHandle<T>(std::move(inner))) {}

  const Thread& thread() const noexcept { return inner_.thread(); }
  bool is_finished() const noexcept { return inner_.is_finished(); }
  /// Joins as JoinHandle does. The scope does not panic for a thread that was joined.
  Result<T> join() && { return std::move(inner_).join(); }
  Slot<Result<T>> join_outcome() && { return std::move(inner_).join_outcome(); }

 private:
  JoinHandle<T> inner_;
};

/// Spawns threads that scope() waits for. Valid until scope() returns: in the body, in its threads,
/// and while their results are dropped. Thread-safe. Rust's Scope.
class Scope {
 public:
  Scope(const Scope&) = delete;
  Scope& operator=(const Scope&) = delete;

  /// Starts a thread that may use everything that outlives the call of scope(). Panics if the
  /// system refuses.
  template <class Body>
  ScopedJoinHandle<std::invoke_result_t<Body>> spawn(Body body) const {
    auto handle = Builder().spawn_scoped(*this, std::move(body));
    if (!handle) {
      panic::panic("failed to spawn thread: " + handle.error().message());
    }
    return std::move(handle).value();
  }

 private:
  template <class Body>
  friend std::invoke_result_t<Body, const Scope&> scope(Body body);
  friend class Builder;
  friend void testing::set_running_threads(const Scope& scope, std::size_t count);

  explicit Scope(Thread main_thread) : data_(std::make_shared<ScopeData>(std::move(main_thread))) {}

  std::shared_ptr<ScopeData> data_;
};

/// Calls `body` with a scope, waits for all threads spawned in it, including those spawned by its
/// threads, and returns what the body returned. If the body panicked, goes on with that panic after
/// the wait; otherwise panics if a thread that was not joined panicked. The wait may use up the
/// calling thread's parking token, or leave one behind. Rust's scope.
template <class Body>
std::invoke_result_t<Body, const Scope&> scope(Body body) {
  const Scope scope(current());
  auto result = [&] {
    // Waits in a destructor, since pthread_exit in the body has to wait, too.
    struct WaitUntilDone {
      const ScopeData& data;
      ~WaitUntilDone() { data.wait_until_done(); }
    };
    const WaitUntilDone at_the_end{*scope.data_};
    return panic::catch_unwind(
        [&scope, body = std::move(body)]() mutable { return std::move(body)(scope); });
  }();
  if (!result) {
    panic::resume_unwind(std::move(result).error());
  }
  if (scope.data_->a_thread_panicked()) {
    panic::panic("a scoped thread panicked");
  }
  return std::move(result).value();
}

template <class Body>
heddle::Result<ScopedJoinHandle<std::invoke_result_t<Body>>, Error> Builder::spawn_scoped(
    const Scope& scope, Body body) && {
  using T = std::invoke_result_t<Body>;
  auto inner = std::move(*this).spawn_inner(std::move(body), scope.data_);
  if (!inner) {
    return std::move(inner).error();
  }
  return ScopedJoinHandle<T>(std::move(inner).value());
}

}  // namespace heddle::thread
