// What tests of the started runtime do in their child processes.
#pragma once

#include <heddle/runtime.hpp>

#include <csignal>

#include "child_process.hpp"

#if !defined(__has_feature)
#define __has_feature(feature) 0
#endif

namespace heddle::tests {

/// AddressSanitizer and ThreadSanitizer give threads signal stacks and an allocator of their own,
/// so that what the runtime does with those cannot be seen there.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || \
    __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define HEDDLE_SANITIZED
inline constexpr bool sanitized = true;
#else
inline constexpr bool sanitized = false;
#endif

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
