// How a check tells a token too many from a park that returns for no reason.
//
// A park may return for no reason at all (Rust: "may wake spuriously"), so an early return proves
// nothing by itself. What proves something is a runtime that waits where there was never a token,
// and yet, in every one of several trials, does not wait where one too many may be. So one trial
// that waits acquits, and only trials that all end early, on a runtime that waits, accuse.
#pragma once

#include <string>
#include <string_view>

#include "stage/clock.hpp"
#include "stage/stage.hpp"

namespace heddle::conformance {

inline constexpr std::uint32_t a_short_time = 300'000;  ///< nanoseconds
inline constexpr std::uint64_t days = 1'000'000;        ///< seconds: longer than any deadline
inline constexpr int trials = 5;

/// Whether a short park_timeout ran into its deadline. A busy machine can only make it later, so
/// "no" is certain: it returned for a token, or spuriously.
inline bool park_timeout_expires() {
  const std::uint64_t began = monotonic_nanoseconds();
  park_timeout(0, a_short_time);
  return monotonic_nanoseconds() - began >= a_short_time;
}

/// Ends the case without a verdict where early returns say nothing: where not even a thread that
/// nobody knows, and so nobody unparks, waits each time. Its first park is not counted, since a
/// token that it began with is another clause's matter.
inline void excuse_unless_it_waits() {
  on_foreign_thread([] {
    park_timeout(0, 0);
    for (int trial = 0; trial < trials; ++trial) {
      if (!park_timeout_expires()) {
        excuse("the runtime's park returns without a token, as it may: a surplus one is not told");
      }
    }
  });
}

/// Runs `trial`, which tells whether the calling thread waited where it has no token by rights,
/// until it did so once; else ends the case with the verdict that `what` has to wait.
template <class Trial>
void expect_a_wait(std::string_view what, Trial trial) {
  for (int number = 0; number < trials; ++number) {
    if (trial()) {
      return;
    }
  }
  excuse_unless_it_waits();
  fail(std::string(what) + " waits", "it returned at once, each time");
}

/// Has `wait` ended by an unpark when it waits, and expects that the next one, which `what` names,
/// waits again.
template <class Wait>
void expect_unpark_is_consumed(std::string_view what, Wait wait) {
  const ThreadHandle self = current_thread();
  const auto kernel_thread = kernel_thread_id();
  expect_a_wait(what, [=] {
    const Signal unparked;
    const JoinHandle waker = spawn([=] {
      let_block(kernel_thread);
      unpark(self);
      unparked.set();
      return returns();
    });
    wait();
    unparked.wait();
    leave(waker);
    return park_timeout_expires();
  });
  drop(self);
}

inline void unpark_self() {
  const ThreadHandle self = current_thread();
  unpark(self);
  drop(self);
}

}  // namespace heddle::conformance
