// fired_rules.h: what became of a rule, in words.
#ifndef HEDDLE_INJECT_DRIVER_FIRED_RULES_H
#define HEDDLE_INJECT_DRIVER_FIRED_RULES_H

#include <string>
#include <string_view>

#include "plan/plan_file.h"

namespace heddle::inject {

/// One line, without its end: how often the rule fired, of how many calls; or that it did not.
std::string describe_outcome(std::string_view expression, const RuleTotals& totals);

}  // namespace heddle::inject

#endif
