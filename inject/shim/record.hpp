// record.hpp: the record of sites from which a campaign starts; inject_record.h has its form.
#pragma once

#include <heddle/inject_record.h>

#include "call.hpp"
#include "call_stack.hpp"

namespace heddle::inject {

/// Returns the record of the plan file; null without one.
heddle_inject_record* plan_record();

/// Sets the record; called once, by start-up, before the block can be armed.
void set_plan_record(heddle_inject_record* record);

/// Counts the call at its site, and enters a new site first. Does nothing without a record.
/// Async-signal-safe; errno stays.
void record_call(const Call& call, CallStack& stack);

}  // namespace heddle::inject
