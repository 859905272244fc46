// Which occurrences a rule fires on.

#include "support/catch.hpp"
#include "support/finished_process.hpp"

namespace heddle::tests {
namespace {

std::string results(const std::vector<std::string>& expressions, const std::string& how,
                    const std::string& count) {
  return run_with_plan(expressions, {MAKES_CALLS, how, "sigaltstack", count}).output;
}

TEST_CASE("a rule fires on just the occurrences that when names") {
  const auto [when, expected] = GENERATE(table<std::string, std::string>({
      {"", "1 1 1 1 1 1 1\n"},
      {":when=3", "0 0 1 0 0 0 0\n"},
      {":when=3..5", "0 0 1 1 1 0 0\n"},
      {":when=6+", "0 0 0 0 0 1 1\n"},
      {":when=2+3", "0 1 0 0 1 0 0\n"},
      {":when=2..6+2", "0 1 0 1 0 1 0\n"},
  }));
  INFO(when);
  CHECK(results({"sigaltstack:error=EPERM" + when}, "once", "7") == expected);
}

TEST_CASE("each thread counts its own calls") {
  CHECK(results({"sigaltstack:error=EPERM:when=2"}, "thread", "3") == "0 1 0\n0 1 0\n");
}

TEST_CASE("a process count goes on from thread to thread") {
  CHECK(results({"sigaltstack:error=EPERM:when=5:count=process"}, "thread", "3") ==
        "0 0 0\n0 1 0\n");
}

TEST_CASE("a forked child goes on from its parent's counts, and its firings are reported") {
  const FinishedProcess process = run_with_plan({"sigaltstack:error=EPERM:when=2+3:count=process"},
                                                {MAKES_CALLS, "fork", "sigaltstack", "3"});
  CHECK(process.output == "0 1 0\n0 1 0\n");
  CHECK(process.errors ==
        "heddle-inject: sigaltstack:error=EPERM:when=2+3:count=process fired 2 times of 6 calls\n");
}

TEST_CASE("of several rules for one call the first that fires decides, and all count") {
  CHECK(results({"sigaltstack:error=EPERM:when=2", "sigaltstack:error=ENOMEM:when=2+"}, "once",
                "4") == "0 1 12 12\n");
}

TEST_CASE("a rule leaves other calls alone") {
  const FinishedProcess process =
      run_with_plan({"futex.wait:error=EINTR"}, {MAKES_CALLS, "once", "futex.wake", "2"});
  CHECK(process.output == "0 0\n");
  CHECK(process.errors ==
        "heddle-inject: futex.wait:error=EINTR did not fire: no such call was made by name; "
        "libc makes such calls itself: try --raw\n");
}

}  // namespace
}  // namespace heddle::tests
