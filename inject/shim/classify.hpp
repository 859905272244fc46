// classify.hpp: the row of the call table to which a system call belongs.
#pragma once

#include <heddle/inject_calls.h>
#include <sys/syscall.h>

#include <cstdint>

#include "raw_system_call.hpp"

namespace heddle::inject {

/// No system call: of a row without one, and of a thread's mark.
constexpr long no_system_call = -1;

/// By row: the system call that counts as the row; no_system_call where there is none.
#define HEDDLE_INJECT_NUMBER_OF(identifier, name, number, ...) number,
constexpr long system_calls[] = {HEDDLE_INJECT_CALL_TABLE(HEDDLE_INJECT_NUMBER_OF)};
#undef HEDDLE_INJECT_NUMBER_OF

struct Classified {
  heddle_inject_call row;
  std::uint32_t number;  // the system call's, in the row SYSTEM_CALL; otherwise 0
};

/// Returns the row of system call `number`; SYSTEM_CALL and the number if it has no row of its own.
/// Serves libc's syscall() and the raw layer. Async-signal-safe.
Classified classify(long number, const SystemCallArguments& arguments);

}  // namespace heddle::inject
