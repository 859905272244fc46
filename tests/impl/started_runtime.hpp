// What tests of the started runtime do in their child processes.
#pragma once

#include <heddle/runtime.hpp>

#include <csignal>

#include "child_process.hpp"

namespace heddle::tests {

inline void start_runtime() {
  require_in_child(!runtime::init(), "the runtime starts");
}

/// The lowest address of the calling thread's signal stack; null if it has none.
inline void* signal_stack() {
  stack_t stack{};
  require_in_child(sigaltstack(nullptr, &stack) == 0, "the kernel tells the signal stack");
  return (stack.ss_flags & SS_DISABLE) == 0 ? stack.ss_sp : nullptr;
}

}  // namespace heddle::tests
