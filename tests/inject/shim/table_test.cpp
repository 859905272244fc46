// Every row of the table of injectable calls, seen from the caller's side.
#include <fmt/core.h>
#include <plan/errno_names.hpp>
#include <plan/injectable_calls.hpp>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <map>

#include "support/catch.hpp"
#include "support/written_plan.hpp"

namespace heddle::tests {
namespace {

using inject::InjectableCall;

/// The spellings that programs use for one row.
std::vector<std::string> spellings(const std::string& call) {
  const std::multimap<std::string, std::string> others{
      {"mmap", "mmap64"},
      {"posix_spawn", "posix_spawnp"},
      {"mmap", "syscall.mmap"},
      {"clock_nanosleep", "syscall.clock_nanosleep"},
      {"futex.wait", "futex.wait_bitset"},
      {"futex.wake", "futex.wake_bitset"},
      {"futex.requeue", "futex.cmp_requeue"},
      {"futex.lock_pi", "futex.trylock_pi"}};
  std::vector<std::string> found{call};
  for (auto [other, end] = others.equal_range(call); other != end; ++other) {
    found.push_back(other->second);
  }
  return found;
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
        heddle_inject_rule rule =
            failing_rule(static_cast<heddle_inject_call>(row.call), documented.value);
        // The target's calls alone, not those that libstdc++ and others make when they start.
        std::strcpy(&rule.caller[0], "inject_makes_calls");
        rule.first = 2;
        rule.last = 2;
        const WrittenPlan plan({rule});
        const FinishedProcess process = plan.run({MAKES_CALLS, "once", spelling, "3"});
        const int passed_on = result_when_passed_on(row);
        INFO(inject::errno_name(documented.value) << " on " << spelling << process.errors);
        CHECK(process.output == fmt::format("{} {} {}\n", passed_on, documented.value, passed_on));
        CHECK(plan.fired(0) == 1);
        ++cases;
      }
    }
  }
  CHECK(cases == 176);  // an empty table would pass as well
}

TEST_CASE("a rule may return a value of its own, and errno stays") {
  heddle_inject_rule rule = failing_rule(HEDDLE_INJECT_SCHED_YIELD, 0);
  rule.action = HEDDLE_INJECT_RETURN;
  rule.return_value = 0;
  const WrittenPlan plan({rule});
  // The target ends with 99 when errno has changed.
  CHECK(plan.run({MAKES_CALLS, "once", "sched_yield", "1"}).output == "0\n");
  CHECK(plan.fired(0) == 1);
  plan.control().rules[0].return_value = -1;
  CHECK(plan.run({MAKES_CALLS, "once", "sched_yield", "1"}).output == "4242\n");
}

TEST_CASE("a spurious wake-up returns 0 without a wait") {
  const FinishedProcess process =
      run_with_plan({"futex.wait:spurious:when=2"}, {MAKES_CALLS, "once", "futex.wait", "3"});
  CHECK(process.output == "11 0 11\n");
}

TEST_CASE("the rows stand in the order of the control header") {
  std::uint32_t number = 0;
  for (const InjectableCall& row : inject::injectable_calls()) {
    CHECK(row.call == number++);
  }
  CHECK(number == HEDDLE_INJECT_CALLS);
}

TEST_CASE("the help names every call of the table") {
  const FinishedProcess process = run({HEDDLE_INJECT_PROGRAM, "run", "--help"});
  CHECK(process.status == 0);
  for (const InjectableCall& row : inject::injectable_calls()) {
    CHECK(process.output.find("  " + std::string(row.name)) != std::string::npos);
  }
}

TEST_CASE("help that cannot be written fails, with the status of a failure of the tool") {
  const auto help = [](const std::string& command) {
    return run(
        {"/bin/sh", "-c", "exec \"$0\" " + command + " --help >/dev/full", HEDDLE_INJECT_PROGRAM});
  };
  for (const std::string command :
       {"", "explore", "replay", "shrink", "sites", "record", "show", "diff"}) {
    CAPTURE(command);
    CHECK(help(command).status == 6);
  }
  CHECK(help("run").status == 125);
}

}  // namespace
}  // namespace heddle::tests
