#include "unchanged.hpp"

#include <cerrno>
#include <cstdint>
#include <sstream>

#include "support/catch.hpp"
#include "support/written_plan.hpp"

namespace heddle::tests {
namespace {

template <typename Keep>
std::string lines_that(const std::string& text, const Keep& keep) {
  std::istringstream stream(text);
  std::string kept;
  for (std::string line; std::getline(stream, line);) {
    kept += keep(line) ? line + '\n' : "";
  }
  return kept;
}

/// A rule for as many rows as there is room for; none of them fires.
std::vector<heddle_inject_rule> silent_rules() {
  std::vector<heddle_inject_rule> rules;
  for (std::uint32_t call = 0; call < HEDDLE_INJECT_MAXIMUM_RULES; ++call) {
    heddle_inject_rule rule = failing_rule(static_cast<heddle_inject_call>(call), EIO);
    rule.first = 1'000'000'000;
    rules.push_back(rule);
  }
  return rules;
}

void check_same(const FinishedProcess& plain, const FinishedProcess& other,
                const Comparison& comparison) {
  CHECK(other.status == plain.status);
  CHECK(other.output == plain.output);
  CHECK(comparison.of_errors(other.errors) == comparison.of_errors(plain.errors));
}

}  // namespace

FinishedProcess check_unchanged(const std::vector<std::string>& command,
                                const Comparison& comparison) {
  INFO(command.front() << ' ' << command.back() << ", preloaded: " << comparison.preload);
  const Environment preloaded{{"LD_PRELOAD", comparison.preload},
                              // As heddle-inject sets it.
                              {"ASAN_OPTIONS", "verify_asan_link_order=0"}};
  FinishedProcess plain = run(command, {{"LD_PRELOAD", comparison.plain_preload}});
  check_same(plain, run(command, preloaded), comparison);
  const WrittenPlan plan(silent_rules(), HEDDLE_INJECT_RECORD | HEDDLE_INJECT_COUNT_CALLS);
  check_same(plain, plan.run(command, preloaded), comparison);
  std::uint64_t reached = 0;
  for (std::uint32_t rule = 0; rule < HEDDLE_INJECT_MAXIMUM_RULES; ++rule) {
    reached += plan.reached(rule);
  }
  CHECK(reached != 0);
  return plain;
}

std::string lines_with(const std::string& text, const std::string& part) {
  return lines_that(text,
                    [&](const std::string& line) { return line.find(part) != std::string::npos; });
}

std::string without_report(const std::string& errors) {
  return lines_that(errors,
                    [](const std::string& line) { return !line.starts_with("heddle-inject: "); });
}

}  // namespace heddle::tests
