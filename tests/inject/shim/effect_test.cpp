// What a rule does besides failing a call.
#include <cerrno>
#include <chrono>
#include <csignal>

#include "support/catch.hpp"
#include "support/written_plan.hpp"

namespace heddle::tests {
namespace {

heddle_inject_rule rule_without_action() {
  heddle_inject_rule rule = failing_rule(HEDDLE_INJECT_SCHED_YIELD, 0);
  rule.action = HEDDLE_INJECT_NOTHING;
  return rule;
}

TEST_CASE("a rule without an action counts, and the call is made") {
  const WrittenPlan plan({rule_without_action()});
  CHECK(plan.run({MAKES_CALLS, "once", "sched_yield", "3"}).output == "0 0 0\n");
  CHECK(plan.fired(0) == 3);
}

TEST_CASE("a rule's signal is sent to the calling thread before the call") {
  heddle_inject_rule rule = rule_without_action();
  rule.signal = SIGUSR1;
  rule.first = 3;
  const WrittenPlan plan({rule});
  CHECK(plan.run({MAKES_CALLS, "once", "sched_yield", "3"}).status == 128 + SIGUSR1);
  CHECK(plan.reached(0) == 3);
}

// Only that it takes at least so long: how much longer is the machine's affair.
TEST_CASE("delays are waited out before and after the call, whether it is made or fails") {
  using namespace std::chrono;
  heddle_inject_rule rule = failing_rule(HEDDLE_INJECT_SCHED_YIELD, ENOSYS);
  rule.action = GENERATE(HEDDLE_INJECT_NOTHING, HEDDLE_INJECT_ERROR);
  rule.delay_enter = 30'000'000;
  rule.delay_exit = 20'000'000;
  const WrittenPlan plan({rule});
  const auto start = steady_clock::now();
  const std::string output = plan.run({MAKES_CALLS, "once", "sched_yield", "2"}).output;
  CHECK(steady_clock::now() - start >= milliseconds(100));
  CHECK(output == (rule.action == HEDDLE_INJECT_ERROR ? "38 38\n" : "0 0\n"));
}

}  // namespace
}  // namespace heddle::tests
