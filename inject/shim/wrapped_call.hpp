// wrapped_call.hpp: what every wrapper does, driven by the table of calls.
//
// A wrapper is an exported function that names its row and its next definition. Everything here is
// inlined into the wrapper, whose own frame tells the caller.
#pragma once

#include <heddle/inject_calls.h>
#include <threads.h>

#include <bit>
#include <cerrno>
#include <cstdint>

#include "classify.hpp"
#include "decision.hpp"
#include "thread_state.hpp"

namespace heddle::inject {

#define HEDDLE_INJECT_REPORT_OF(identifier, name, number, report, ...) HEDDLE_INJECT_##report,
constexpr heddle_inject_report reports[] = {HEDDLE_INJECT_CALL_TABLE(HEDDLE_INJECT_REPORT_OF)};
#undef HEDDLE_INJECT_REPORT_OF

/// Marks the system call that a wrapper is about to make when it passes on a decided call. The
/// destructor puts back the former mark, since a signal handler may come between an outer mark and
/// its system call. A thread that is cancelled inside leaves the mark behind: at worst, one later
/// call of its clean-up goes uncounted.
class PassingOn {
 public:
  explicit PassingOn(long system_call) : outer_(thread_state.decided_system_call) {
    thread_state.decided_system_call = system_call;
  }
  PassingOn(const PassingOn&) = delete;
  PassingOn& operator=(const PassingOn&) = delete;
  ~PassingOn() { thread_state.decided_system_call = outer_; }

 private:
  long outer_;
};

template <typename Result>
Result as_result(long value) {
  if constexpr (std::is_pointer_v<Result>) {
    return std::bit_cast<Result>(value);
  } else {
    return static_cast<Result>(value);
  }
}

/// Returns what the caller gets when the call is not made.
template <heddle_inject_report report, typename Result>
Result answer(const Decision& decision) {
  if (decision.verdict != Verdict::fail) {
    // wake_spuriously's 0 stands in return_value.
    return as_result<Result>(decision.return_value);
  }
  switch (report) {
    case HEDDLE_INJECT_RETURNS_ERRNO:
      return as_result<Result>(decision.error);
    case HEDDLE_INJECT_THRD_ERROR:
      return as_result<Result>(decision.error == ENOMEM ? thrd_nomem : thrd_error);
    case HEDDLE_INJECT_MINUS_ONE:
      break;
  }
  errno = decision.error;
  return as_result<Result>(-1);  // also MAP_FAILED
}

/// Decides on one call under an armed block, and makes it or not.
template <heddle_inject_report report, typename Next, typename... Arguments>
[[gnu::always_inline]] inline auto wrap_armed(std::uint32_t generation, Classified classified,
                                              long system_call, const Next& next,
                                              Arguments... arguments) {
  using Result = decltype(next(arguments...));
  const Decision decision = decide_armed(
      generation, {classified.row, classified.number, as_system_call_arguments(arguments...),
                   __builtin_return_address(0), __builtin_frame_address(0), false});
  if (decision.verdict != Verdict::pass_on) {
    finish(decision);
    return answer<report, Result>(decision);
  }
  if (!decision.is_attended) [[likely]] {
    // Compiled to a jump. The processor would mispredict a return of the wrapper's own, since the
    // kernel makes it forget where functions return to.
    return next(arguments...);
  }
  const PassingOn mark(system_call);
  const Result result = next(arguments...);
  finish(decision);
  return result;
}

/// Does all the work of a row's wrapper. Passes the call on when nothing is armed.
/// `system_call_behind` is the one that libc's function makes if it does nothing else; otherwise
/// no_system_call.
template <heddle_inject_call row, long system_call_behind = system_calls[row], typename Next,
          typename... Arguments>
[[gnu::always_inline]] inline auto wrap(const Next& next, Arguments... arguments) {
  const std::uint32_t generation = armed_generation();
  if (generation == 0) [[likely]] {
    return next(arguments...);
  }
  return wrap_armed<reports[row]>(generation, {row, 0}, system_call_behind, next, arguments...);
}

}  // namespace heddle::inject
