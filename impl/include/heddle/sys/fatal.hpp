// The end of a process whose runtime cannot go on.
#pragma once

#include <string_view>

namespace heddle::sys {

/// Writes "heddle: fatal: MESSAGE" to standard error and aborts. For broken invariants and for what
/// the contract of a system call rules out. Any thread, also where no panic is possible.
[[noreturn]] void fatal(std::string_view message) noexcept;

/// The same for a call that failed with an errno that nothing here expects of it.
[[noreturn]] void fatal_call(std::string_view call, int error) noexcept;

}  // namespace heddle::sys
