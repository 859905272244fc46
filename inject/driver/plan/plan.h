// plan.h: the plan language, from text to rule.
//
//   CALL:error=ERRNO[:when=FIRST[..LAST][+[STEP]]][:count=thread|process]
//   futex.wait:spurious[:when=...][:count=...]
//
// `when` has strace's meaning: FIRST alone is that one call; LAST, or a plus, makes it a range from
// FIRST on, of which every STEP-th is taken (1 if not given). Without `when`, every call.
#ifndef HEDDLE_INJECT_DRIVER_PLAN_H
#define HEDDLE_INJECT_DRIVER_PLAN_H

#include <heddle/inject_control.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

namespace heddle::inject {

struct PlanError {
  std::size_t column;  // in the expression, in bytes, from 0; may be its end
  std::string message;
};

/// Reads one expression. Pure; the rule's totals are zero.
tl::expected<heddle_inject_rule, PlanError> parse_rule(std::string_view expression);

/// Three lines for people: the message, the expression, and a caret below the column.
std::string describe(const PlanError& error, std::string_view expression);

}  // namespace heddle::inject

#endif
