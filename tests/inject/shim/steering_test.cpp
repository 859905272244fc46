// A program that steers the shim through the control header.

#include "support/catch.hpp"
#include "support/finished_process.hpp"

namespace heddle::tests {
namespace {

// Per rule: disarmed, armed, armed anew, disarmed; then how often it fired. First with a count per
// thread, then with one for the process.
TEST_CASE("a program arms its own rules, and each generation counts from the start") {
  const FinishedProcess process = run({STEERS_ITSELF}, {{"LD_PRELOAD", HEDDLE_INJECT_SHIM}});
  const std::string one_rule = "0 0 0\n0 11 0\n0 11 0\n0 0 0\n2 of 6\n";
  CHECK(process.output == one_rule + one_rule);
  CHECK(process.status == 0);
}

TEST_CASE("a gate holds threads before their calls and lets them go in order") {
  const FinishedProcess process = run({STEERS_GATES}, {{"LD_PRELOAD", HEDDLE_INJECT_SHIM}});
  CHECK(process.output ==
        "held 2, gone on 0\n"
        "released 1, gone on 1\n"
        "open, gone on 2, held 3\n"
        "passed through 0, then -1, looked at 1\n");
}

}  // namespace
}  // namespace heddle::tests
