// The mark at which short backtraces begin.
#pragma once

#include <type_traits>
#include <utility>

namespace heddle::panic {

/// Calls `function`, and marks the stack: a short backtrace leaves out the frames that called this
/// function, which are the runtime's, and those of the panic itself. Rust's
/// __rust_begin_short_backtrace.
template <class Function>
[[gnu::noinline]] std::invoke_result_t<Function> begin_short_backtrace(Function&& function) {
  // Work after the call, without which the compiler could make it a tail call and lose this frame.
  struct Remains {
    ~Remains() { asm volatile(""); }
  };
  const Remains remains;
  return std::forward<Function>(function)();
}

}  // namespace heddle::panic
