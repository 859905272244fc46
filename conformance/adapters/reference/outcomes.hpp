// Outcomes of calls into the reference, in the words of subject.h.
#pragma once

#include <heddle/subject.h>

#include <cstdint>
#include <heddle/error.hpp>
#include <heddle/panic.hpp>
#include <heddle/thread.hpp>
#include <string_view>
#include <utility>

#include "values.hpp"

namespace heddle::adapter {

heddle_outcome returned(std::uint64_t value = 0);
heddle_outcome returned_handle(void* handle);
heddle_outcome returned_text(std::string_view text);
heddle_outcome failed(const Error& error);
heddle_outcome no_access();
/// Returns the outcome for a panic that came out of the runtime. A cookie in it belongs to the
/// suite again.
heddle_outcome panicked(heddle_tag tag, panic::Payload payload);
/// Returns the outcome of a body that was run under a catch.
heddle_outcome ended(thread::Result<Value> result);
/// Returns the outcome of joining a thread: ABSENT if it left no result.
heddle_outcome joined(Slot<thread::Result<Value>> result);

/// Runs the work of a function of the tables. Any call into the runtime may panic, and no panic may
/// leave the adapter. The outcome is written after everything that `work` owned is gone.
template <class Work>
void call(heddle_outcome* out, Work work) {
  auto outcome = panic::catch_unwind(std::move(work));
  *out =
      outcome ? std::move(outcome).value() : panicked(HEDDLE_PANICKED, std::move(outcome).error());
}

/// Returns the outcome with a new handle, which is an object on the heap.
template <class T>
heddle_outcome returned_new(T object) {
  return returned_handle(new T(std::move(object)));
}
template <class T>
T& borrow(void* handle) {
  return *static_cast<T*>(handle);
}
template <class T>
T take(void* handle) {
  return std::move(*Box<T>(static_cast<T*>(handle)));
}

}  // namespace heddle::adapter
