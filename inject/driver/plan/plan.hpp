// plan.hpp: the plan language, from text to rules and back. inject/docs/plans.md has its grammar.
#pragma once

#include <heddle/inject_control.h>

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "plan/plan_error.hpp"

namespace heddle::inject {

/// A rule, and the words in which it was asked for.
struct PlannedRule {
  std::string expression;
  heddle_inject_rule rule;
};

/// Reads one expression: a rule for each call that it names, in that order. Pure. A rule that draws
/// (its chance is not 0) and was given no seed has seed 0: give it one before it is armed.
tl::expected<std::vector<PlannedRule>, PlanError> parse_rules(std::string_view expression);

/// The expression that parse_rules reads as just this rule, provided that a command line can
/// express it (it is no gate) and its occurrences are written as parse_rules writes them. A rule
/// knows only the hash of its thread path: give the path, and it is spelled out.
std::string format_rule(const heddle_inject_rule& rule, std::string_view thread_path = {});

/// Does the rule draw, and from no seed yet?
bool needs_seed(const heddle_inject_rule& rule);

/// Gives the rule a seed, which is not 0, in words as well.
void give_seed(PlannedRule& planned, std::uint64_t seed);

}  // namespace heddle::inject
