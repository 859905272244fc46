// Starting threads with settings.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include "heddle/error.hpp"
#include "heddle/result.hpp"
#include "heddle/thread/join_handle.hpp"
#include "heddle/thread/thread_main.hpp"

namespace heddle::thread {

class Scope;
template <class T>
class ScopedJoinHandle;

/// Returns the default stack size: 2 MiB, or the number of bytes that the environment variable
/// RUST_MIN_STACK had when this was first called.
std::size_t min_stack();

/// The settings of a thread to be started; spawning consumes them. Rust's Builder.
///
///   auto handle = Builder().name("reader").stack_size(64 * 1024).spawn([] { return 1; });
///
/// A body is run once and destroyed on the thread that ran it. A spawn that fails has started no
/// thread, and destroys the body itself. All forms of spawn panic if the name has a NUL inside.
class Builder {
 public:
  /// Names the thread. thread() shows the whole name, the kernel its first 15 bytes.
  Builder name(std::string name) && {
    name_ = std::move(name);
    return std::move(*this);
  }
  /// Sets the stack's size in bytes. A size below the system's minimum is raised to it.
  Builder stack_size(std::size_t size) && {
    stack_size_ = size;
    return std::move(*this);
  }

  /// Starts a thread that may outlive the caller, so the body must not refer to anything that may
  /// die earlier. Returns an error if the system refuses.
  template <class Body>
  heddle::Result<JoinHandle<std::invoke_result_t<Body>>, Error> spawn(Body body) && {
    return std::move(*this).spawn_unchecked(std::move(body));
  }

  /// Does what spawn does. In Rust, this form lets the body borrow at the caller's risk; C++ leaves
  /// all lifetimes to the caller anyway.
  template <class Body>
  heddle::Result<JoinHandle<std::invoke_result_t<Body>>, Error> spawn_unchecked(Body body) && {
    using T = std::invoke_result_t<Body>;
    auto inner = std::move(*this).spawn_inner(std::move(body), nullptr);
    if (!inner) {
      return std::move(inner).error();
    }
    return JoinHandle<T>(std::move(inner).value());
  }

  /// Starts a thread in the scope, which waits for the thread.
  template <class Body>
  heddle::Result<ScopedJoinHandle<std::invoke_result_t<Body>>, Error> spawn_scoped(
      const Scope& scope, Body body) &&;

 private:
  template <class Body>
  heddle::Result<JoinInner<std::invoke_result_t<Body>>, Error> spawn_inner(
      Body body, std::shared_ptr<ScopeData> scope) &&;
  std::size_t chosen_stack_size() const;

  std::optional<std::string> name_;
  std::optional<std::size_t> stack_size_;
};

template <class Body>
heddle::Result<JoinInner<std::invoke_result_t<Body>>, Error> Builder::spawn_inner(
    Body body, std::shared_ptr<ScopeData> scope) && {
  using T = std::invoke_result_t<Body>;
  const std::size_t stack_size = chosen_stack_size();
  Thread my_thread = Thread::make(std::move(name_));
  auto my_packet = std::make_shared<Packet<T>>();
  Box<sys::Main> main = make_box<ThreadMain<Body>>(my_thread, my_packet, std::move(body));
  if (scope) {
    my_packet->enter(std::move(scope));
  }
  auto native = sys::NativeThread::create(stack_size, std::move(main));
  if (!native) {
    return std::move(native).error();  // the packet dies here, and leaves the scope again
  }
  return JoinInner<T>(std::move(native).value(), std::move(my_thread), std::move(my_packet));
}

}  // namespace heddle::thread
