// The raw layer in programs that it leaves alone: each call is trapped, and none is failed. They
// must print and end as they do without it. What could fool this is a layer that is not there, so
// each run must also have been looked at.

#include "raw_run.hpp"
#include "support/catch.hpp"
#include "support/written_plan.hpp"

namespace heddle::tests {
namespace {

void check_same(const std::vector<std::string>& scenarios) {
  for (const std::string& scenario : scenarios) {
    INFO(scenario);
    const FinishedProcess plain = run({RAW_SCENARIOS, scenario});
    const RawRun raw = run_raw_scenario({watching()}, scenario);
    CHECK(raw.process.status == plain.status);
    CHECK(raw.process.output == plain.output);
    CHECK(raw.process.errors == plain.errors);
    CHECK(raw.reached.front() > 0);
  }
}

TEST_CASE("threads come, wait and go under the raw layer as without it") {
  check_same({"spawn_and_join", "spawn_detached", "contend_for_mutex", "wait_on_condition",
              "leave_by_pthread_exit"});
}

TEST_CASE("cancellation unwinds blocked threads under the raw layer as without it") {
  check_same({"cancel_deferred", "cancel_masked_wait", "cancel_asynchronously"});
}

// libunwind reads from a pipe, which libc would let a pending cancellation act upon.
TEST_CASE("call stacks by libunwind add no place where a thread can be cancelled") {
  heddle_inject_rule wants_stacks = watching();
  wants_stacks.stack = 1;
  const WrittenPlan plan({wants_stacks}, HEDDLE_INJECT_RAW | HEDDLE_INJECT_LIBUNWIND);
  for (const char* scenario : {"cancel_deferred", "cancel_masked_wait"}) {
    INFO(scenario);
    const std::vector<std::string> command{RAW_SCENARIOS, scenario};
    const FinishedProcess process = plan.run(command);
    CHECK(process.status == 0);
    CHECK(process.output == run(command).output);
  }
}

TEST_CASE("signals interrupt, nest and jump under the raw layer as without it") {
  check_same({"signal_storm", "alternate_stack", "jump_out_of_handler", "suspend",
              "wait_with_full_masks", "timer"});
}

TEST_CASE("no way to block all signals blocks the raw layer's") {
  check_same({"block_all_signals", "block_all_in_handlers", "mask_of_signal_frame"});
}

TEST_CASE("processes are forked, spawned and executed under the raw layer as without it") {
  check_same({"fork_from_threads", "inline_fork", "vfork_and_exec", "vfork_and_call",
              "clone_without_handlers", "spawn_process", "run_shell", "read_from_shell",
              "execute"});
}

TEST_CASE("inline system calls do under the raw layer what they do without it") {
  check_same({"inline_calls", "bad_pointers", "unmap_own_stack", "foreign_thread_storage"});
}

// A kernel may be built or booted without the 32-bit interface; the program then ends at its call.
TEST_CASE("a 32-bit system call does under the raw layer what it does without it") {
  const FinishedProcess plain = run({RAW_SCENARIOS, "compatible_call"});
  if (plain.status != 0) {
    WARN(
        "left out: 32-bit system calls (int $0x80): this kernel ends a program that makes one"
        " with status "
        << plain.status);
    return;
  }
  check_same({"compatible_call"});
}

TEST_CASE("a program that executes with all signals blocked can be trapped") {
  const RawRun raw =
      run_raw({watching()}, {RAW_SCENARIOS, "inline_calls"}, {"env", "--block-signal"});
  CHECK(raw.process.output == run({RAW_SCENARIOS, "inline_calls"}).output);
}

}  // namespace
}  // namespace heddle::tests
