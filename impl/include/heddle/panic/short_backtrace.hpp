// Where short backtraces begin.
#pragma once

#include <type_traits>
#include <utility>

namespace heddle::panic {

/// Calls `function`: what lies below in the stack is the runtime's, and short backtraces leave it
/// out. They end at the panic itself. Rust's __rust_begin_short_backtrace.
template <class Function>
[[gnu::noinline]] std::invoke_result_t<Function> begin_short_backtrace(Function&& function) {
  // Something to do after the call, or this frame would be given up to it.
  struct Remains {
    ~Remains() { asm volatile(""); }
  };
  const Remains remains;
  return std::forward<Function>(function)();
}

}  // namespace heddle::panic
