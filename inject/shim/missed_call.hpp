// missed_call.hpp: which calls leave the program worse off when it carries on without them.
#pragma once

#include "call.hpp"

namespace heddle::inject {

/// Says whether the program would miss the call. False for calls that only ask, give something
/// back, or lift a protection. Async-signal-safe.
bool would_be_missed(const Call& call);

}  // namespace heddle::inject
