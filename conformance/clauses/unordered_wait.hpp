// Turn-taking for checks of memory order, in which the suite's own waiting must order no memory.
#pragma once

#include "stage/stage.hpp"
#include "stage/system_call.hpp"

namespace heddle::conformance {

/// Waits until the counter has reached `count`, if need be until the deadline of the case. What was
/// done before the counter was counted up need not be visible then.
inline void wait_unordered(Counter counter, std::uint64_t count) {
  while (counter.get() < count) {
    static_cast<void>(system_call(SYS_sched_yield));  // cannot fail on Linux
  }
}

}  // namespace heddle::conformance
