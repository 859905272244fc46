#include <fmt/core.h>

#include <algorithm>
#include <limits>

#include "plan/call_names.hpp"
#include "plan/comparison.hpp"
#include "plan/errno_names.hpp"
#include "plan/expression_reader.hpp"
#include "plan/plan.hpp"
#include "plan/rule_keys.hpp"

namespace heddle::inject {
namespace {

heddle_inject_rule every_call() {
  heddle_inject_rule rule{};
  rule.first = 1;
  rule.last = std::numeric_limits<std::uint64_t>::max();
  rule.step = 1;
  return rule;
}

class RuleParser {
 public:
  explicit RuleParser(std::string_view expression) : reader_(expression), expression_(expression) {}

  tl::expected<std::vector<PlannedRule>, PlanError> parse();

 private:
  struct Call {
    std::string_view text;
    std::size_t column;
    std::optional<NamedCall> named;  // nothing: "futex", whose operation is still to come
  };
  struct GivenKey {
    std::string_view name;
    std::size_t column;
  };

  Problem parse_calls();
  Problem parse_key();
  Problem parse_known_key(const RuleKey& key, std::size_t column);
  Problem parse_operation(std::size_t column);
  Problem parse_assignment(std::string_view name, std::size_t column);
  Problem check_whole() const;
  std::vector<PlannedRule> rules(std::string_view keys) const;
  const GivenKey* given(std::string_view name) const;

  ExpressionReader reader_;
  std::string_view expression_;
  std::vector<Call> calls_;
  std::vector<GivenKey> given_;
  heddle_inject_rule rule_ = every_call();
};

Problem RuleParser::parse_calls() {
  do {
    const std::size_t column = reader_.column();
    const std::string_view name = reader_.word();
    if (name == "futex") {
      calls_.push_back({name, column, std::nullopt});
      continue;
    }
    const auto named = find_call(name);
    if (!named) {
      return PlanError{column, named.error()};
    }
    calls_.push_back({name, column, *named});
  } while (reader_.skip(","));
  return std::nullopt;
}

const RuleParser::GivenKey* RuleParser::given(std::string_view name) const {
  const auto found = std::ranges::find(given_, name, &GivenKey::name);
  return found == given_.end() ? nullptr : &*found;
}

/// Reads the equals sign behind a key with a value, which may be given only once.
Problem RuleParser::parse_assignment(std::string_view name, std::size_t column) {
  if (!reader_.skip("=")) {
    return PlanError{reader_.column(), fmt::format("{} needs a value: {}=...", name, name)};
  }
  // A rule may ask for a thread by its name and by its path at once.
  const bool is_path = name == "thread" && ExpressionReader(reader_).skip("#");
  const std::string_view whole_name = is_path ? "thread=#" : name;
  if (given(whole_name) != nullptr) {
    return PlanError{column, fmt::format("{} is given twice", whole_name)};
  }
  given_.push_back({whole_name, column});
  return std::nullopt;
}

Problem RuleParser::parse_operation(std::size_t column) {
  const std::size_t value_column = reader_.column();
  const std::string_view operation = reader_.value();
  const auto named = find_call(fmt::format("futex.{}", operation));
  if (!named) {
    return PlanError{value_column, fmt::format("'{}' is not an operation of the futex: there are "
                                               "wait, wake, requeue, wake_op, lock_pi, unlock_pi",
                                               operation)};
  }
  for (Call& call : calls_) {
    if (call.named) {
      return PlanError{column, fmt::format("op goes with futex alone, not with {}", call.text)};
    }
    call.named = *named;
  }
  return std::nullopt;
}

Problem RuleParser::parse_known_key(const RuleKey& key, std::size_t column) {
  if (key.action != HEDDLE_INJECT_NOTHING) {
    if (rule_.action != HEDDLE_INJECT_NOTHING) {
      return PlanError{column, "the rule already says what the call does: leave one of them out"};
    }
    rule_.action = key.action;
  }
  if (key.has_value) {
    if (Problem problem = parse_assignment(key.name, column)) {
      return problem;
    }
  } else {
    given_.push_back({key.name, column});
  }
  return key.read == nullptr ? std::nullopt : key.read(reader_, rule_);
}

Problem RuleParser::parse_key() {
  const std::size_t column = reader_.column();
  const std::string_view name = reader_.word();
  if (name.starts_with("arg")) {
    return read_comparison(reader_, name, column, rule_);
  }
  if (name == "op") {
    const Problem problem = parse_assignment(name, column);
    return problem ? problem : parse_operation(column);
  }
  const auto key = std::ranges::find(rule_keys(), name, &RuleKey::name);
  return key == rule_keys().end() ? refuse_key(name, column) : parse_known_key(*key, column);
}

/// Checks what only the whole rule shows.
Problem RuleParser::check_whole() const {
  const GivenKey* const spurious = given("spurious");
  for (const Call& call : calls_) {
    if (!call.named) {
      return PlanError{call.column,
                       "futex waits and wakes are counted apart: say futex.wait or futex.wake"};
    }
    if (spurious != nullptr && call.named->call != HEDDLE_INJECT_FUTEX_WAIT) {
      return PlanError{spurious->column,
                       fmt::format("{} cannot wake: only futex.wait can be spurious", call.text)};
    }
  }
  if (const GivenKey* const seed = given("seed"); seed != nullptr && given("p") == nullptr) {
    return PlanError{seed->column, "nothing is drawn without a chance: add :p=0.01, or drop seed"};
  }
  if (rule_.action == HEDDLE_INJECT_NOTHING && rule_.signal == 0 && rule_.delay_enter == 0 &&
      rule_.delay_exit == 0) {
    const InjectableCall& row = injectable_calls()[calls_.front().named->call];
    return PlanError{reader_.column(),
                     fmt::format("the rule does not say what shall happen: add :error={}{}",
                                 row.errnos.empty() ? "EIO" : errno_name(row.errnos.front().value),
                                 row.can_wake_spuriously ? ", or :spurious" : "")};
  }
  return std::nullopt;
}

std::vector<PlannedRule> RuleParser::rules(std::string_view keys) const {
  std::vector<PlannedRule> rules;
  for (const Call& call : calls_) {
    heddle_inject_rule rule = rule_;
    rule.call = call.named->call;
    rule.number = call.named->number;
    rule.seed = rule.chance == 0 ? 0 : rule.seed;  // nothing is drawn at a chance of 1
    rules.push_back({fmt::format("{}{}", call.text, keys), rule});
  }
  return rules;
}

tl::expected<std::vector<PlannedRule>, PlanError> RuleParser::parse() {
  Problem problem = parse_calls();
  const std::string_view keys = expression_.substr(reader_.column());
  while (!problem && !reader_.at_end()) {
    problem = reader_.skip(":")
                  ? parse_key()
                  : PlanError{reader_.column(), "expected ':' or the end of the rule"};
  }
  if (!problem) {
    problem = check_whole();
  }
  if (problem) {
    return tl::unexpected(*problem);
  }
  return rules(keys);
}

}  // namespace

tl::expected<std::vector<PlannedRule>, PlanError> parse_rules(std::string_view expression) {
  return RuleParser(expression).parse();
}

bool needs_seed(const heddle_inject_rule& rule) {
  return rule.chance != 0 && rule.seed == 0;
}

void give_seed(PlannedRule& planned, std::uint64_t seed) {
  planned.rule.seed = seed;
  planned.expression += fmt::format(":seed={}", seed);
}

}  // namespace heddle::inject
