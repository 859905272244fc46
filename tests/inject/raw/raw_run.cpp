#include "raw_run.hpp"

#include <cstdint>

#include "support/written_plan.hpp"

namespace heddle::tests {

heddle_inject_rule counting(heddle_inject_call call, std::uint32_t number) {
  heddle_inject_rule rule{};
  rule.call = call;
  rule.number = number;
  rule.first = rule.last = UINT64_MAX;
  return rule;
}

heddle_inject_rule failing(heddle_inject_call call, int error, std::uint64_t first,
                           std::uint64_t last) {
  heddle_inject_rule rule = failing_rule(call, error);
  rule.number = UINT32_MAX;
  rule.first = first;
  rule.last = last;
  return rule;
}

heddle_inject_rule failing_number(std::uint32_t number, int error, std::uint64_t first,
                                  std::uint64_t last) {
  heddle_inject_rule rule = failing(HEDDLE_INJECT_SYSTEM_CALL, error, first, last);
  rule.number = number;
  return rule;
}

heddle_inject_rule delaying(heddle_inject_call call) {
  heddle_inject_rule rule = failing(call, 0);
  rule.action = HEDDLE_INJECT_NOTHING;
  rule.delay_exit = 1;
  return rule;
}

RawRun run_raw(const std::vector<heddle_inject_rule>& rules,
               const std::vector<std::string>& command, const std::vector<std::string>& launcher) {
  const WrittenPlan plan(rules, HEDDLE_INJECT_RAW);
  std::vector<std::string> whole = launcher;
  whole.insert(whole.end(), {"env", std::string("LD_PRELOAD=") + HEDDLE_INJECT_SHIM});
  whole.insert(whole.end(), command.begin(), command.end());
  RawRun result{plan.run(whole, {{"LD_PRELOAD", ""}}), {}, {}};
  for (std::uint32_t rule = 0; rule < rules.size(); ++rule) {
    result.reached.push_back(plan.reached(rule));
    result.fired.push_back(plan.fired(rule));
  }
  return result;
}

RawRun run_raw_scenario(const std::vector<heddle_inject_rule>& rules, const std::string& name) {
  return run_raw(rules, {RAW_SCENARIOS, name});
}

}  // namespace heddle::tests
