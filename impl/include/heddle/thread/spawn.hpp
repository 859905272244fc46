// Starting threads with default settings.
#pragma once

#include <type_traits>
#include <utility>

#include "heddle/panic/panic.hpp"
#include "heddle/thread/builder.hpp"

namespace heddle::thread {

/// Starts a thread as Builder().spawn(body) does, but panics where that returns an error.
template <class Body>
JoinHandle<std::invoke_result_t<Body>> spawn(Body body) {
  auto handle = Builder().spawn(std::move(body));
  if (!handle) {
    panic::panic("failed to spawn thread: " + handle.error().message());
  }
  return std::move(handle).value();
}

}  // namespace heddle::thread
