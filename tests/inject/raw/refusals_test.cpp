// What the raw layer cannot do, it says, in one line.
#include <algorithm>
#include <cerrno>

#include "raw_run.hpp"
#include "support/catch.hpp"

namespace heddle::tests {
namespace {

void check_refused(const FinishedProcess& process, int status, const std::string& reason) {
  INFO(process.errors);
  CHECK(process.status == status);
  CHECK(process.output.empty());
  CHECK(process.errors.find("heddle-inject: ") == 0);
  CHECK(process.errors.find(reason) != std::string::npos);
  CHECK(std::count(process.errors.begin(), process.errors.end(), '\n') == 1);
}

TEST_CASE("the raw layer is refused under Valgrind with status 2") {
  const RawRun raw = run_raw({}, {"valgrind", "--quiet", RAW_SCENARIOS, "inline_calls"});
  check_refused(raw.process, 2, "Valgrind");
}

TEST_CASE("a kernel without Syscall User Dispatch is refused with status 2") {
  const RawRun raw = run_raw({}, {RAW_SCENARIOS}, {RAW_WITHOUT_DISPATCH, std::to_string(EINVAL)});
  check_refused(raw.process, 2, "this kernel has no Syscall User Dispatch");
}

TEST_CASE("a prctl that succeeds and traps nothing is refused with status 2") {
  const RawRun raw = run_raw({}, {RAW_SCENARIOS}, {RAW_WITHOUT_DISPATCH, "0"});
  check_refused(raw.process, 2, "does not trap");
}

TEST_CASE("a program that makes system calls from too many places is ended with status 125") {
  check_refused(run_raw_scenario({}, "many_places").process, 125, "from more places");
}

TEST_CASE("a program keeps its own action for SIGSYS, and it is said once") {
  const FinishedProcess plain = run({RAW_SCENARIOS, "own_sigsys_handler"});
  const RawRun raw = run_raw_scenario({watching()}, "own_sigsys_handler");
  CHECK(raw.process.status == plain.status);
  CHECK(raw.process.output == plain.output);
  CHECK(raw.process.errors ==
        "heddle-inject: the program installs a handler for SIGSYS, which the raw layer needs: it "
        "will be called for signals that are no traps of that layer\n");
}

TEST_CASE("a program's own system call filter traps into its own handler") {
  const RawRun raw = run_raw_scenario({watching()}, "own_filter");
  CHECK(raw.process.status == 0);
  CHECK(raw.process.output == "77\n");
}

TEST_CASE("a program that asks for Syscall User Dispatch is told that there is none, once") {
  const RawRun raw = run_raw_scenario({watching()}, "own_dispatch");
  CHECK(raw.process.output == "-1 22\n-1 22\n");
  CHECK(std::count(raw.process.errors.begin(), raw.process.errors.end(), '\n') == 1);
}

}  // namespace
}  // namespace heddle::tests
