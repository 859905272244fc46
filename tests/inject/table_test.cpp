// Every row of the table of injectable calls, seen from the caller's side.
#include <plan/errno_names.h>
#include <fmt/core.h>
#include <plan/injectable_calls.h>

#include <catch2/catch.hpp>
#include <cerrno>
#include <map>

#include "finished_process.h"

namespace heddle::tests {
namespace {

using inject::InjectableCall;

/// The spellings that programs use for one row.
std::vector<std::string> spellings(const std::string& call) {
  const std::map<std::string, std::string> second{
      {"mmap", "mmap64"}, {"futex.wait", "futex.wait_bitset"}, {"futex.wake", "futex.wake_bitset"}};
  const auto found = second.find(call);
  return found == second.end() ? std::vector{call} : std::vector{call, found->second};
}

/// What the call reports when it is passed on: the target's futex waits find another value.
int result_when_passed_on(const InjectableCall& row) {
  return row.call == HEDDLE_INJECT_FUTEX_WAIT ? EAGAIN : 0;
}

// A wait that is passed on reports EAGAIN too; there, the count of firings tells the two apart.
TEST_CASE("each documented errno reaches the caller through its own error test") {
  std::size_t cases = 0;
  for (const InjectableCall& row : inject::injectable_calls()) {
    for (const inject::DocumentedErrno& documented : row.errnos) {
      for (const std::string& spelling : spellings(std::string(row.name))) {
        const std::string expression =
            fmt::format("{}:error={}:when=2", row.name, inject::errno_name(documented.value));
        const FinishedProcess process =
            run_with_plan({expression}, {MAKES_CALLS, "once", spelling, "3"});
        const int passed_on = result_when_passed_on(row);
        INFO(expression << " on " << spelling << ": " << process.errors);
        CHECK(process.output == fmt::format("{} {} {}\n", passed_on, documented.value, passed_on));
        CHECK(process.errors ==
              fmt::format("heddle-inject: {} fired 1 time of 3 calls\n", expression));
        ++cases;
      }
    }
  }
  // 3 + 1 + 2 * 9 + 4 + 2 * 7 + 2 * 4: an empty table would pass as well.
  CHECK(cases == 48);
}

TEST_CASE("a spurious wake-up returns 0 without a wait") {
  const FinishedProcess process =
      run_with_plan({"futex.wait:spurious:when=2"}, {MAKES_CALLS, "once", "futex.wait", "3"});
  CHECK(process.output == "11 0 11\n");
}

TEST_CASE("the rows stand in the order of the control header") {
  uint32_t number = 0;
  for (const InjectableCall& row : inject::injectable_calls()) {
    CHECK(row.call == number++);
  }
  CHECK(number == HEDDLE_INJECT_CALLS);
}

TEST_CASE("the help names every call of the table") {
  const FinishedProcess process = run({HEDDLE_INJECT_PROGRAM, "--help"});
  CHECK(process.status == 0);
  for (const InjectableCall& row : inject::injectable_calls()) {
    CHECK(process.output.find("  " + std::string(row.name)) != std::string::npos);
  }
}

}  // namespace
}  // namespace heddle::tests
