// record.hpp: the record of sites that a campaign starts from; inject_record.h has its form.
#pragma once

#include <heddle/inject_record.h>

#include "call.hpp"
#include "call_stack.hpp"

namespace heddle::inject {

/// The record of the plan file; null when there is none.
heddle_inject_record* plan_record();

/// Makes this the record; called once, by start-up, before the block can be armed.
void set_plan_record(heddle_inject_record* record);

/// Counts the call at its site, which is entered first if it is new. Nothing without a record.
/// Async-signal-safe; errno stays.
void record_call(const Call& call, CallStack& stack);

}  // namespace heddle::inject
