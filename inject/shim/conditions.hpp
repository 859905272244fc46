// conditions.hpp: the conditions under which a rule looks at a call.
#pragma once

#include <heddle/inject_control.h>

#include "call.hpp"
#include "call_stack.hpp"

namespace heddle::inject {

/// Says whether the rule is about calls of this name.
inline bool is_about(const heddle_inject_rule& rule, const Call& call) {
  return rule.call == static_cast<std::uint32_t>(call.row) &&
         (rule.call != HEDDLE_INJECT_SYSTEM_CALL || rule.number == UINT32_MAX ||
          rule.number == call.number);
}

/// Says whether the call meets all of the rule's conditions. `stack` is the call's. May make system
/// calls; async-signal-safe; errno stays.
bool passes_conditions(const heddle_inject_rule& rule, const Call& call, CallStack& stack);

}  // namespace heddle::inject
