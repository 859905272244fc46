// Faults that clauses ask the preloaded shim for, in the terms of its control header.
#pragma once

#include <heddle/inject_control.h>

#include <cstdint>
#include <limits>
#include <span>
#include <string>

namespace heddle::conformance {

/// Which calls fail, and how. Calls are counted from the moment when the check arms the fault.
struct Fault {
  heddle_inject_call call;
  heddle_inject_action action = HEDDLE_INJECT_ERROR;
  int error = 0;  ///< errno value
  std::uint64_t first = 1;
  std::uint64_t last = 1;
  std::uint64_t step = 1;
  heddle_inject_count count = HEDDLE_INJECT_COUNT_PROCESS;
};

/// Returns the fault by which the `occurrence`th `call` of the process fails with `error`.
constexpr Fault fails(heddle_inject_call call, int error, std::uint64_t occurrence = 1) {
  return {.call = call, .error = error, .first = occurrence, .last = occurrence};
}

/// Returns the fault by which the first `times` calls of `call` fail with `error`.
constexpr Fault fails_first(heddle_inject_call call, int error, std::uint64_t times) {
  return {.call = call, .error = error, .first = 1, .last = times};
}

/// Returns the fault by which the first `times` futex waits return at once, as if woken.
constexpr Fault wakes_spuriously(std::uint64_t times) {
  return {.call = HEDDLE_INJECT_FUTEX_WAIT, .action = HEDDLE_INJECT_SPURIOUS, .last = times};
}

/// Returns the fault that holds a thread just before the `occurrence`th `call`, until open_gate().
constexpr Fault held_before(heddle_inject_call call, std::uint64_t occurrence = 1) {
  return {.call = call, .action = HEDDLE_INJECT_GATE, .first = occurrence, .last = occurrence};
}

/// Returns the fault that only counts the calls, and makes them: see calls_counted().
constexpr Fault counted(heddle_inject_call call) {
  return {.call = call,
          .action = HEDDLE_INJECT_NOTHING,
          .last = std::numeric_limits<std::uint64_t>::max()};
}

/// Returns the fault as a plan expression, such as
/// "pthread_create:error=EAGAIN:when=1:count=process".
std::string plan_expression(const Fault& fault);

/// Returns all faults as plan expressions, separated by blanks.
std::string plan_expressions(std::span<const Fault> faults);

}  // namespace heddle::conformance
