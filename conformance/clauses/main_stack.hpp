// The main thread's stack.
#pragma once

#include <sys/resource.h>

#include "stage/stage.hpp"

namespace heddle::conformance {

/// Ends the case without a verdict if the main thread's stack has no limit: it never overflows.
inline void need_limited_main_stack() {
  rlimit limits{};
  static_cast<void>(::getrlimit(RLIMIT_STACK, &limits));  // fails only for a bad address
  if (limits.rlim_cur == RLIM_INFINITY) {
    excuse("the main thread's stack has no limit here");
  }
}

}  // namespace heddle::conformance
