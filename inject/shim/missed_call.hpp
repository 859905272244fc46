// missed_call.hpp: whether a program that goes on without a call lacks something.
#pragma once

#include "call.hpp"

namespace heddle::inject {

/// False for calls that only ask, give back what there was, or lift a protection.
/// Async-signal-safe.
bool would_be_missed(const Call& call);

}  // namespace heddle::inject
