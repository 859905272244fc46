// fired_rules.hpp: what became of a rule, in words.
#pragma once

#include <string>

#include "plan/plan.hpp"
#include "plan/plan_file.hpp"

namespace heddle::inject {

/// Says in one line, without a newline, how often the rule fired, of how many calls. For a rule
/// that did not fire, says what may have kept it from seeing the calls, as far as the shim knows.
std::string describe_outcome(const PlannedRule& planned, const RuleTotals& totals,
                             const heddle_inject_control& plan);

}  // namespace heddle::inject
