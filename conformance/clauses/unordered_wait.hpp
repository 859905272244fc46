// Turns between threads for checks of memory order, where the suite's own waiting must order
// nothing.
#pragma once

#include "stage/stage.hpp"
#include "stage/system_call.hpp"

namespace heddle::conformance {

/// Returns once the counter has reached `count`, and hangs until the deadline otherwise. What was
/// done before the counter was counted up need not be visible then.
inline void wait_unordered(Counter counter, std::uint64_t count) {
  while (counter.get() < count) {
    static_cast<void>(system_call(SYS_sched_yield));  // cannot fail on Linux
  }
}

}  // namespace heddle::conformance
