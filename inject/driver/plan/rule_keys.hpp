// rule_keys.hpp: the keys that a rule may have, and how their values are read.
#pragma once

#include <heddle/inject_control.h>

#include <span>
#include <string>
#include <string_view>

#include "plan/expression_reader.hpp"

namespace heddle::inject {

struct RuleKey {
  std::string_view name;
  bool has_value;
  /// What becomes of the call; NOTHING for a condition. A rule has one action at most.
  heddle_inject_action action;
  /// Reads the value into the rule; null for a key that only sets its action.
  Problem (*read)(ExpressionReader& reader, heddle_inject_rule& rule);
};

/// Returns all keys but `op` and argN, which are read in their own way.
std::span<const RuleKey> rule_keys();

/// Makes the message about an unknown key, which stands at `column`.
Problem refuse_key(std::string_view name, std::size_t column);

}  // namespace heddle::inject
