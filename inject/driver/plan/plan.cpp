#include "plan/plan.h"

#include <fmt/core.h>

#include <charconv>
#include <limits>
#include <optional>

#include "plan/errno_names.h"
#include "plan/injectable_calls.h"

namespace heddle::inject {
namespace {

heddle_inject_rule every_call() {
  heddle_inject_rule rule{};
  rule.action = HEDDLE_INJECT_ERROR;
  rule.first = 1;
  rule.last = std::numeric_limits<uint64_t>::max();
  rule.step = 1;
  return rule;
}

/// Reads the expression from left to right, and knows the column for a complaint.
class RuleParser {
 public:
  explicit RuleParser(std::string_view expression) : expression_(expression) {}

  tl::expected<heddle_inject_rule, PlanError> parse();

 private:
  using Problem = std::optional<PlanError>;  // nothing: read on

  static PlanError problem_at(std::size_t column, std::string message) {
    return {column, std::move(message)};
  }
  bool at_end() const { return position_ == expression_.size(); }
  bool skip(std::string_view token);
  std::string_view word();

  Problem parse_call();
  Problem parse_key();
  Problem parse_error();
  Problem parse_spurious(std::size_t column);
  Problem parse_when();
  Problem parse_count();
  Problem parse_ordinal(std::string_view what, uint64_t* ordinal);
  Problem claim_action(std::size_t column);

  std::string_view expression_;
  std::size_t position_ = 0;
  const InjectableCall* call_ = nullptr;
  bool has_action_ = false, has_when_ = false, has_count_ = false;
  heddle_inject_rule rule_ = every_call();
};

bool RuleParser::skip(std::string_view token) {
  if (!expression_.substr(position_).starts_with(token)) {
    return false;
  }
  position_ += token.size();
  return true;
}

/// Up to the next character that separates.
std::string_view RuleParser::word() {
  const std::string_view rest = expression_.substr(position_);
  const std::string_view found = rest.substr(0, rest.find_first_of(":="));
  position_ += found.size();
  return found;
}

RuleParser::Problem RuleParser::parse_call() {
  const std::string_view name = word();
  call_ = find_injectable_call(name);
  if (call_ != nullptr) {
    rule_.call = static_cast<uint32_t>(call_->call);
    return std::nullopt;
  }
  if (name == "futex") {
    return problem_at(0, "futex waits and wakes are counted apart: say futex.wait or futex.wake");
  }
  std::string known;
  for (const InjectableCall& row : injectable_calls()) {
    known += fmt::format("{}{}", known.empty() ? "" : ", ", row.name);
  }
  return problem_at(
      0, fmt::format("'{}' is not a call that can fail here; there are {}", name, known));
}

RuleParser::Problem RuleParser::claim_action(std::size_t column) {
  if (has_action_) {
    return problem_at(column, "the rule already says what shall happen");
  }
  has_action_ = true;
  return std::nullopt;
}

RuleParser::Problem RuleParser::parse_error() {
  const std::size_t column = position_;
  const std::string_view name = word();
  if (const std::optional<int> value = errno_value(name)) {
    rule_.error = *value;
    return std::nullopt;
  }
  return problem_at(column, fmt::format("'{}' is not the name of an errno, such as EAGAIN", name));
}

RuleParser::Problem RuleParser::parse_spurious(std::size_t column) {
  if (!call_->can_wake_spuriously) {
    return problem_at(column,
                      fmt::format("{} cannot wake: only futex.wait can be spurious", call_->name));
  }
  rule_.action = HEDDLE_INJECT_SPURIOUS;
  return std::nullopt;
}

RuleParser::Problem RuleParser::parse_ordinal(std::string_view what, uint64_t* ordinal) {
  const char* const begin = expression_.data() + position_;
  const char* const end = expression_.data() + expression_.size();
  const auto [stop, status] = std::from_chars(begin, end, *ordinal);
  if (status == std::errc::result_out_of_range) {
    return problem_at(position_, fmt::format("{} does not fit into 64 bits", what));
  }
  if (status != std::errc{} || *ordinal == 0) {
    return problem_at(position_, fmt::format("{} is a number from 1 on", what));
  }
  position_ += static_cast<std::size_t>(stop - begin);
  return std::nullopt;
}

RuleParser::Problem RuleParser::parse_when() {
  if (Problem problem = parse_ordinal("FIRST", &rule_.first)) {
    return problem;
  }
  rule_.last = rule_.first;
  rule_.step = 0;
  if (skip("..")) {
    const std::size_t column = position_;
    if (Problem problem = parse_ordinal("LAST", &rule_.last)) {
      return problem;
    }
    if (rule_.last < rule_.first) {
      return problem_at(column, "LAST comes before FIRST");
    }
    rule_.step = 1;
  }
  if (!skip("+")) {
    return std::nullopt;
  }
  const bool has_last = rule_.step == 1;
  if (!has_last) {
    rule_.last = std::numeric_limits<uint64_t>::max();
  }
  rule_.step = 1;
  if (at_end() || expression_[position_] == ':') {
    return std::nullopt;
  }
  return parse_ordinal("STEP", &rule_.step);
}

RuleParser::Problem RuleParser::parse_count() {
  const std::size_t column = position_;
  const std::string_view way = word();
  if (way == "process") {
    rule_.count = HEDDLE_INJECT_COUNT_PROCESS;
  } else if (way != "thread") {
    return problem_at(column, fmt::format("'{}' is no way to count: say thread or process", way));
  }
  return std::nullopt;
}

RuleParser::Problem RuleParser::parse_key() {
  const std::size_t column = position_;
  const std::string_view key = word();
  if (key == "spurious") {
    const Problem problem = claim_action(column);
    return problem ? problem : parse_spurious(column);
  }
  if (key != "error" && key != "when" && key != "count") {
    return problem_at(column, fmt::format("'{}' is not a key: there are error, spurious, when and "
                                          "count",
                                          key));
  }
  if (!skip("=")) {
    return problem_at(position_, fmt::format("{} needs a value: {}=...", key, key));
  }
  if (key == "error") {
    const Problem problem = claim_action(column);
    return problem ? problem : parse_error();
  }
  bool& given = key == "when" ? has_when_ : has_count_;
  if (given) {
    return problem_at(column, fmt::format("{} is given twice", key));
  }
  given = true;
  return key == "when" ? parse_when() : parse_count();
}

tl::expected<heddle_inject_rule, PlanError> RuleParser::parse() {
  if (Problem problem = parse_call()) {
    return tl::unexpected(*problem);
  }
  while (!at_end()) {
    if (!skip(":")) {
      return tl::unexpected(problem_at(position_, "expected ':' or the end of the rule"));
    }
    if (Problem problem = parse_key()) {
      return tl::unexpected(*problem);
    }
  }
  if (!has_action_) {
    return tl::unexpected(problem_at(
        position_, fmt::format("the rule does not say how the call fails: add :error={}{}",
                               errno_name(call_->errnos.front().value),
                               call_->can_wake_spuriously ? ", or :spurious" : "")));
  }
  return rule_;
}

}  // namespace

tl::expected<heddle_inject_rule, PlanError> parse_rule(std::string_view expression) {
  return RuleParser(expression).parse();
}

std::string describe(const PlanError& error, std::string_view expression) {
  return fmt::format("{}\n  {}\n  {:>{}}", error.message, expression, '^', error.column + 1);
}

}  // namespace heddle::inject
