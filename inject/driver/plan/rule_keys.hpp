// rule_keys.hpp: the keys that a rule may have, and how the value of each is read.
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
  /// What the key makes of the call; NOTHING for a condition. A rule has one action at most.
  heddle_inject_action action;
  /// Reads the value into the rule; null when there is nothing more to say.
  Problem (*read)(ExpressionReader& reader, heddle_inject_rule& rule);
};

/// All but `op` and argN, which are no fields of a rule by name.
std::span<const RuleKey> rule_keys();

/// What to say of a key that is none; `column` is where it stands.
Problem refuse_key(std::string_view name, std::size_t column);

}  // namespace heddle::inject
