// Calls that only the raw layer can fail, made inside libc or inline.
#include <sys/syscall.h>

#include <cerrno>
#include <cstdint>

#include "raw_run.hpp"
#include "support/catch.hpp"
#include "support/written_plan.hpp"

namespace heddle::tests {
namespace {

using Counts = std::vector<std::uint64_t>;

TEST_CASE("an inline system call fails with the kernel's negative errno") {
  const RawRun raw = run_raw_scenario({failing_number(SYS_getppid, EPERM, 2, 3)}, "inline_calls");
  CHECK(raw.process.output == "parent\n-1\n-1\nparent\nparent\n-38\n");
  CHECK(raw.fired == Counts{2});
}

TEST_CASE("heddle-inject run --raw fails inline calls, and reports the rule") {
  const FinishedProcess process =
      run({HEDDLE_INJECT_PROGRAM, "run", "--raw", "-e", "syscall.getppid:error=EPERM:when=2", "--",
           RAW_SCENARIOS, "inline_calls"});
  CHECK(process.output == "parent\n-1\nparent\nparent\nparent\n-38\n");
  CHECK(process.errors ==
        "heddle-inject: syscall.getppid:error=EPERM:when=2 fired 1 time of 5 calls\n");
}

TEST_CASE("pthread_create reports EAGAIN when its stack cannot be mapped") {
  const RawRun raw = run_raw_scenario({failing(HEDDLE_INJECT_MMAP, ENOMEM)}, "create_thread");
  CHECK(raw.process.output == std::to_string(EAGAIN) + "\n");
}

TEST_CASE("pthread_create reports what both clone3 and clone fail with") {
  const RawRun raw = run_raw_scenario(
      {failing(HEDDLE_INJECT_CLONE3, ENOSYS), failing(HEDDLE_INJECT_CLONE, EAGAIN)},
      "create_thread");
  CHECK(raw.process.output == std::to_string(EAGAIN) + "\n");
  CHECK(raw.fired == Counts{1, 1});
}

TEST_CASE("clone3 that fails with ENOSYS alone makes libc use clone") {
  const RawRun raw = run_raw_scenario(
      {failing(HEDDLE_INJECT_CLONE3, ENOSYS), failing(HEDDLE_INJECT_CLONE, EAGAIN, 2)},
      "create_thread");
  CHECK(raw.process.output == "0\n");
  CHECK(raw.reached == Counts{1, 1});
}

TEST_CASE("a mutex survives a futex wait that fails") {
  for (const int error : {EINTR, EAGAIN}) {
    const RawRun raw =
        run_raw_scenario({failing(HEDDLE_INJECT_FUTEX_WAIT, error, 1, 3)}, "wait_for_mutex");
    CHECK(raw.process.output == "0\n");
    CHECK(raw.fired.front() > 0);
  }
}

TEST_CASE("the calls that libc makes in a new thread before its function are seen") {
  const RawRun raw =
      run_raw_scenario({failing(HEDDLE_INJECT_SET_ROBUST_LIST, ENOSYS)}, "create_thread");
  CHECK(raw.process.output == "0\n");
  CHECK(raw.fired == Counts{1});
}

TEST_CASE("the calls that libc makes in a new thread have the thread's path") {
  const WrittenPlan plan({}, HEDDLE_INJECT_RAW | HEDDLE_INJECT_RECORD);
  REQUIRE(plan.run({RAW_SCENARIOS, "create_thread"}).output == "0\n");
  const std::vector<heddle_inject_site> sites = plan.sites(HEDDLE_INJECT_SET_ROBUST_LIST);
  REQUIRE(sites.size() == 1);
  CHECK(sites.front().raw == 1);
  CHECK(std::string(&sites.front().thread_path[0]) == "0.1");
}

TEST_CASE("the child of an inline fork is armed") {
  const RawRun raw = run_raw_scenario({failing_number(SYS_getppid, EPERM)}, "inline_fork");
  CHECK(raw.fired == Counts{1});
}

TEST_CASE("an executed program is armed") {
  const RawRun raw = run_raw_scenario({failing_number(SYS_write, EIO)}, "execute");
  CHECK(raw.process.output.empty());
  CHECK(raw.fired.front() > 0);
}

TEST_CASE("the child of vfork is neither counted nor failed") {
  const RawRun raw = run_raw_scenario({failing_number(SYS_getppid, EPERM)}, "vfork_and_call");
  CHECK(raw.process.status == 0);
  CHECK(raw.fired == Counts{2});
}

TEST_CASE("a call that a wrapper has decided is counted once") {
  const std::vector<heddle_inject_rule> rules{counting(HEDDLE_INJECT_SIGALTSTACK),
                                              counting(HEDDLE_INJECT_FUTEX_WAKE)};
  // A C library may wake somebody as it starts.
  const Counts own = run_raw(rules, {MAKES_CALLS, "once", "sigaltstack", "0"}).reached;
  CHECK(run_raw(rules, {MAKES_CALLS, "once", "sigaltstack", "3"}).reached ==
        Counts{own[0] + 3, own[1]});
  CHECK(run_raw(rules, {MAKES_CALLS, "once", "futex.wake", "3"}).reached ==
        Counts{own[0], own[1] + 3});
  CHECK(run_raw({counting(HEDDLE_INJECT_VFORK)}, {MAKES_CALLS, "once", "vfork", "3"}).reached ==
        Counts{3});
}

TEST_CASE("a thread whose switch is on is not looked at") {
  const RawRun raw = run_raw_scenario({failing_number(SYS_getppid, EPERM)}, "pass_through");
  CHECK(raw.fired == Counts{2});
}

TEST_CASE("a delay after the call changes no result") {
  std::vector<heddle_inject_rule> rules;
  for (const heddle_inject_call call :
       {HEDDLE_INJECT_MMAP, HEDDLE_INJECT_MUNMAP, HEDDLE_INJECT_CLONE3, HEDDLE_INJECT_SIGALTSTACK,
        HEDDLE_INJECT_RT_SIGPROCMASK, HEDDLE_INJECT_SYSTEM_CALL}) {
    rules.push_back(delaying(call));
  }
  for (const char* scenario : {"create_thread", "alternate_stack", "block_all_signals",
                               "inline_calls", "unmap_own_stack", "fork_from_threads"}) {
    INFO(scenario);
    const RawRun raw = run_raw_scenario(rules, scenario);
    const FinishedProcess plain = run({RAW_SCENARIOS, scenario});
    CHECK(raw.process.output == plain.output);
    CHECK(raw.process.status == plain.status);
    CHECK(raw.fired.back() > 0);
  }
}

}  // namespace
}  // namespace heddle::tests
