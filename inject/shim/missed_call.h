// missed_call.h: whether a program that goes on without a call lacks something.
#ifndef HEDDLE_INJECT_SHIM_MISSED_CALL_H
#define HEDDLE_INJECT_SHIM_MISSED_CALL_H

#include "call.h"

namespace heddle::inject {

/// False for calls that only ask, give back what there was, or lift a protection.
/// Async-signal-safe.
bool would_be_missed(const Call& call);

}  // namespace heddle::inject

#endif
