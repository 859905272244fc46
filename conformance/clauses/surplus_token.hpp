// How a check tells a surplus token from a park that returns for no reason.
//
// A park may return for no reason (Rust: "may wake spuriously"), so an early return by itself
// proves nothing. The proof is a runtime that waits where there was never a token, and yet returns
// early in each of several trials where a surplus token may be. So one trial that waits acquits.
// Only trials that all end early, on a runtime that otherwise waits, accuse.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "clauses/seen_waiting.hpp"
#include "stage/clock.hpp"
#include "stage/stage.hpp"

namespace heddle::conformance {

inline constexpr std::uint32_t a_short_time = 300'000;  ///< nanoseconds
inline constexpr std::uint64_t days = 1'000'000;        ///< seconds: longer than any deadline
inline constexpr int trials = 5;

/// Returns whether a short park_timeout ran into its deadline. A busy machine can only lengthen it,
/// so "no" is certain: it returned for a token, or spuriously.
inline bool park_timeout_expires() {
  const std::uint64_t began = monotonic_nanoseconds();
  park_timeout(0, a_short_time);
  return monotonic_nanoseconds() - began >= a_short_time;
}

/// Ends the case without a verdict if early returns say nothing about this runtime: if even a
/// thread whose handle nobody has, and so nobody unparks, does not wait each time. Its first park
/// does not count, since another clause asks whether a thread begins with a token.
inline void excuse_unless_it_waits() {
  on_foreign_thread([] {
    park_timeout(0, 0);
    for (int trial = 0; trial < trials; ++trial) {
      if (!park_timeout_expires()) {
        excuse(
            "the runtime's park returns without a token, as it may, so a surplus token is not "
            "seen");
      }
    }
  });
}

/// Runs `trial` several times, until it returns true: the calling thread, which should have no
/// token, has waited. If no trial waits, ends the case with the verdict that `what` has to wait.
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

/// Does `before`, and then `parks`, which parks the calling thread. Another thread unparks it as
/// soon as it is seen waiting. Returns whether it was. Needs no park_timeout.
template <class Before, class Parks>
bool is_seen_to_wait(Before before, Parks parks) {
  const ThreadHandle self = current_thread();
  const auto kernel_thread = kernel_thread_id();
  const Signal about_to_park;
  const Signal returned_already;
  const Counter waited;
  const JoinHandle observer = spawn([=] {
    about_to_park.wait();
    waited.set(is_seen_waiting(kernel_thread, returned_already) ? 1 : 0);
    unpark(self);
    return returns();
  });
  before();
  about_to_park.set();
  parks();
  returned_already.set();
  expect(join(observer), returned());
  drop(self);
  return waited.get() == 1;
}

/// Expects what expect_a_wait() expects, of the park after `before`. Needs no park_timeout. A
/// runtime is excused if parks return on threads that nobody has unparked.
template <class Before>
void expect_the_next_park_to_wait(std::string_view what, Before before) {
  for (int number = 0; number < trials; ++number) {
    if (is_seen_to_wait(before, park)) {
      return;
    }
  }
  for (int number = 0; number < trials; ++number) {
    on_foreign_thread([] {
      if (!is_seen_to_wait([] {}, park)) {
        excuse(
            "the runtime's park returns without a token, as it may, so a surplus token is not "
            "seen");
      }
    });
  }
  fail(std::string(what) + " waits", "it returned at once, each time");
}

/// Has another thread unpark the calling one while it is in `wait`.
template <class Wait>
void unpark_during(Wait wait) {
  const ThreadHandle self = current_thread();
  const auto kernel_thread = kernel_thread_id();
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
  drop(self);
}

inline void unpark_self() {
  const ThreadHandle self = current_thread();
  unpark(self);
  drop(self);
}

}  // namespace heddle::conformance
