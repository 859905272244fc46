// wakers.hpp: who could end a wait for memory or for descriptors.
#pragma once

#include "process/run_look.hpp"
#include "process/system_call_wait.hpp"

namespace heddle::inject {

struct Wakers {
  bool in_run_alone = true;  // as far as can be known, nobody outside the run could
  /// The time until the first awaited timer expires; nothing without such a timer.
  std::optional<std::int64_t> timer_ms;
  bool socket_limit = false;  // one of the descriptors has a limit of its own
  std::optional<std::int64_t> socket_limit_ms;
};

/// Finds the wakers of a wait for memory or descriptors in a process of the run.
Wakers wakers_of(const Wait& wait, pid_t process, const RunProcesses& processes);

}  // namespace heddle::inject
