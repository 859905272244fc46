// A program that steers the shim through the control header.
#include <catch2/catch.hpp>

#include "finished_process.h"

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

}  // namespace
}  // namespace heddle::tests
