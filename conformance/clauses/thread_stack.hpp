// The stack of a new thread, as glibc says it is, and the variable that replaces its default size.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "stage/stage.hpp"

namespace heddle::conformance {

inline constexpr std::string_view sources_of_min_stack =
    "Rust 1.63, library/std/src/sys_common/thread.rs: min_stack; "
    "Rust 1.95, library/std/src/thread/lifecycle.rs: spawn_unchecked";

inline constexpr std::uint64_t kibibyte = 1024;
inline constexpr std::uint64_t mebibyte = 1024 * kibibyte;

/// Sets RUST_MIN_STACK. Safe: the process has only one thread so far.
inline void set_variable(const char* value) {
  if (::setenv("RUST_MIN_STACK", value, 1) != 0) {
    internal_error("the environment takes no variable");
  }
}

struct Stack {
  std::uint64_t size;
  std::uint64_t guard;
};

/// Returns the stack of a thread with these settings. A runtime that refuses a stack size is not
/// judged.
inline Stack stack_of_thread(const Settings& settings = {}) {
  const Counter size;
  const Counter guard;
  const Outcome spawned = try_spawn(
      [=] {
        const OwnStack stack = own_stack();
        size.set(stack.size);
        guard.set(stack.guard_size);
        return returns();
      },
      settings);
  if (settings.stack_size && spawned.tag() == HEDDLE_FAILED) {
    excuse("the runtime refuses to be asked for a stack size");
  }
  expect(join(handle_of(spawned)), returned());
  return {size.get(), guard.get()};
}

/// A larger stack counts against the subject only if nothing else may have enlarged it.
inline bool is_at_most(std::uint64_t size, std::uint64_t most) {
  if (size > most) {
    excuse_under_thread_sanitizer("enlarges small stacks by what it needs itself");
  }
  return size <= most;
}

inline void expect_about(std::uint64_t size, std::uint64_t expected, std::string_view what) {
  constexpr std::uint64_t rounding = 64 * kibibyte;
  expect(size + rounding >= expected && is_at_most(size, expected + rounding),
         fmt::format("{}: about {}", what, expected), fmt::format("{}: {}", what, size));
}

}  // namespace heddle::conformance
