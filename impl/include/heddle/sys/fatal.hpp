// Ways to end a process whose runtime cannot go on.
#pragma once

#include <string_view>

namespace heddle::sys {

/// Writes "heddle: fatal: MESSAGE" to standard error and aborts. Call it for broken invariants, and
/// for outcomes that a system call's contract rules out, on any thread, even where no panic is
/// possible.
[[noreturn]] void fatal(std::string_view message) noexcept;

/// Does the same for a call that failed with an unexpected errno.
[[noreturn]] void fatal_call(std::string_view call, int error) noexcept;

}  // namespace heddle::sys
