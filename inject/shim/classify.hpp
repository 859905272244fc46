// classify.hpp: the row of the call table to which a system call belongs.
#pragma once

#include <heddle/inject_calls.h>

#include <cstdint>

#include "raw_system_call.hpp"

namespace heddle::inject {

struct Classified {
  heddle_inject_call row;
  std::uint32_t number;  // the system call's, in the row SYSTEM_CALL; otherwise 0
};

/// Returns the row of system call `number`; SYSTEM_CALL and the number if it has no row of its own.
/// Serves libc's syscall() and the raw layer. Async-signal-safe.
Classified classify(long number, const SystemCallArguments& arguments);

}  // namespace heddle::inject
