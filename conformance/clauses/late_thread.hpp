// A thread that a scope has to wait for.
#pragma once

#include "stage/stage.hpp"

namespace heddle::conformance {

/// Returns a body that gives the thread `owner` time to block in its scope, or to leave it wrongly,
/// and then sets `ended` and ends with `ending`. If the scope waits, `ended` is set when the scope
/// returns, however busy the machine.
inline Closure late(pid_t owner, Signal ended, Ending ending = returns()) {
  return closure("late thread", [=] {
    let_block(owner);
    ended.set();
    return ending;
  });
}

inline void expect_ended(Signal ended) {
  expect(ended.is_set(), "the scope ends after its threads", "a thread of it still ran");
}

}  // namespace heddle::conformance
