// plan.hpp: the plan language, from text to rules and back. inject/docs/plans.md has its grammar.
#pragma once

#include <heddle/inject_control.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "plan/plan_error.hpp"

namespace heddle::inject {

/// A rule, and the words that ask for it.
struct PlannedRule {
  std::string expression;
  heddle_inject_rule rule;
};

/// Reads one expression: a rule for each call that it names, in that order. A rule that draws (its
/// chance is not 0) without a seed gets seed 0: give it a seed before you arm it. Pure.
tl::expected<std::vector<PlannedRule>, PlanError> parse_rules(std::string_view expression);

/// Returns the expression that parse_rules reads as just this rule. The rule must not be a gate,
/// which no command line can express, and its occurrences must have the form that parse_rules gives
/// them. A rule has only the hash of its thread path: a `thread_path` is spelled out instead.
std::string format_rule(const heddle_inject_rule& rule, std::string_view thread_path = {});

/// Says whether the rule draws, and still lacks a seed.
bool needs_seed(const heddle_inject_rule& rule);

/// Gives the rule, and its words, a seed, which must not be 0.
void give_seed(PlannedRule& planned, std::uint64_t seed);

}  // namespace heddle::inject
