// Reads any bytes as a plan. A text must be read, or refused at a place in the text, and each rule
// must stay the same when it is written and read again.
#include <plan/plan_text.hpp>

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string_view>

namespace heddle::inject {
namespace {

/// Aborts unless the condition holds. libFuzzer then keeps the input.
void require(bool holds) {
  if (!holds) {
    std::abort();
  }
}

void require_same(std::string_view expression, const heddle_inject_rule& rule) {
  const auto again = parse_rules(expression);
  require(again.has_value() && again->size() == 1);
  require(std::memcmp(&again->front().rule, &rule, sizeof rule) == 0);
}

void read_expression(std::string_view text) {
  const auto rules = parse_rules(text);
  if (!rules) {
    require(rules.error().column <= text.size());
    require(!describe(rules.error(), text).empty());
    return;
  }
  for (const PlannedRule& planned : *rules) {
    require_same(planned.expression, planned.rule);
    require_same(format_rule(planned.rule), planned.rule);
  }
}

}  // namespace
}  // namespace heddle::inject

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  heddle::inject::read_expression(text);
  const auto plan = heddle::inject::parse_plan_text(text, "plan");
  heddle::inject::require(plan.has_value() || plan.error().starts_with("plan:"));
  return 0;
}
