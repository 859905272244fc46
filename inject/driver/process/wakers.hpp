// wakers.hpp: who could end a wait for memory or for descriptors.
#pragma once

#include "process/run_look.hpp"
#include "process/system_call_wait.hpp"

namespace heddle::inject {

struct Wakers {
  bool in_run_alone = true;  // nobody else could, as far as that can be known
  /// Until a timer that is waited for expires; nothing when there is none.
  std::optional<std::int64_t> timer_ms;
  bool socket_limit = false;  // of one of the descriptors
  std::optional<std::int64_t> socket_limit_ms;
};

/// Of a wait of a process of the run, for memory or descriptors.
Wakers wakers_of(const Wait& wait, pid_t process, const RunProcesses& processes);

}  // namespace heddle::inject
