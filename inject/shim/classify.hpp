// classify.hpp: which row of the table a system call is.
#pragma once

#include <heddle/inject_calls.h>

#include <cstdint>

#include "raw_system_call.hpp"

namespace heddle::inject {

struct Classified {
  heddle_inject_call row;
  std::uint32_t number;  // of a SYSTEM_CALL, otherwise 0
};

/// The row of system call `number`; SYSTEM_CALL and its number when it has none of its own. For
/// libc's syscall() and the raw layer alike. Async-signal-safe.
Classified classify(long number, const SystemCallArguments& arguments);

}  // namespace heddle::inject
