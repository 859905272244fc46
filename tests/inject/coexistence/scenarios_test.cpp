// Programs that do what is known to trouble preloaded libraries. Each must print and end as it does
// without the shim, and be reached by the rules all the same.
#include <threads.h>

#include <cerrno>

#include "support/catch.hpp"
#include "unchanged.hpp"

namespace heddle::tests {
namespace {

FinishedProcess check_scenario(const std::string& name) {
  return check_unchanged({COEXISTENCE_SCENARIOS, name});
}

FinishedProcess run_scenario(const std::string& name, const std::vector<std::string>& rules) {
  return run_with_plan(rules, {COEXISTENCE_SCENARIOS, name});
}

constexpr const char* first_call = "sigaltstack:error=EPERM:when=1";

TEST_CASE("processes come about as without the shim, in each way that there is") {
  for (const char* scenario :
       {"fork_and_call", "execute_and_call", "vfork_execute_and_call", "vfork_and_exit",
        "spawn_and_call", "call_by_system", "call_by_popen"}) {
    CHECK(check_scenario(scenario).status == 4);
  }
}

// The program's own first call fails; that of the executed one fails again, and is its first.
TEST_CASE("rules reach an executed program, which counts from the start") {
  for (const auto& [scenario, output] : std::vector<std::pair<std::string, std::string>>{
           {"execute_and_call", "before: 1\n1 0\n"},
           {"vfork_execute_and_call", "before: 1\n1 0\nafter: 0\n"},
           {"spawn_and_call", "before: 1\n1 0\nposix_spawn: 0\n"},
           {"call_by_system", "before: 1\n1 0\n"},
           {"call_by_popen", "before: 1\nread: 1 0\n"}}) {
    INFO(scenario);
    const FinishedProcess process = run_scenario(scenario, {first_call});
    CHECK(process.output == output);
    CHECK(process.status == 4);
  }
}

// Six returns without the fault: a refused call returns once, and the others twice.
TEST_CASE("vfork returns once to the parent and once to the child, or fails") {
  CHECK(run_scenario("vfork_and_exit", {"vfork:error=ENOMEM:when=2"}).output == "5 returns, 4\n");
  CHECK(run_scenario("vfork_and_exit", {"vfork:error=ENOMEM:when=3"}).output ==
        "5 returns, " + std::to_string(ENOMEM) + "\n");
  CHECK(run_scenario("vfork_and_exit", {"vfork:delay_exit=1ms"}).output == "6 returns, 4\n");
}

TEST_CASE("a forked child goes on from its parent's count, and the parent from its own") {
  const std::vector<std::string> second{"sigaltstack:error=EPERM:when=2"};
  CHECK(run_scenario("fork_and_call", second).output == "before: 0\n1 0\nafter: 1\n");
}

TEST_CASE("a program that closes all descriptors goes on, and rules still reach it") {
  CHECK(check_scenario("close_all_descriptors").status == 7);
  CHECK(run_scenario("close_all_descriptors", {first_call}).status == 2);
}

TEST_CASE("threads that block all signals can make every call") {
  CHECK(check_scenario("call_with_full_masks").output.find("kept: 1 1 1 1 1\n") !=
        std::string::npos);
}

TEST_CASE("handlers make calls, on their thread's stack and on an alternate one") {
  CHECK(check_scenario("call_in_handlers").output.ends_with("handled 2 times, 0 calls failed\n"));
  CHECK(check_scenario("call_in_handler_on_alternate_stack")
            .output.ends_with("handled 1 times, 0 calls failed\n"));
}

TEST_CASE("calls take little stack, of a thread and of a handler") {
  CHECK(check_scenario("call_in_handler_on_smallest_stack")
            .output.ends_with("handled 1 times, 0 calls failed\n"));
  CHECK(check_scenario("call_on_smallest_stack").output.ends_with("0 calls failed\n"));
}

TEST_CASE("rules fire in a handler on an alternate stack") {
  const FinishedProcess process =
      run_scenario("call_in_handler_on_alternate_stack", {"madvise:error=EAGAIN"});
  CHECK(process.output.ends_with("handled 1 times, 1 calls failed\n"));
}

TEST_CASE("a program's own handler for SIGSYS is called without the raw layer") {
  CHECK(check_scenario("handle_sigsys").output.ends_with("handled 2 times, 0 calls failed\n"));
}

TEST_CASE("a library makes calls when it is loaded, used and unloaded, again and again") {
  const FinishedProcess plain = check_scenario("load_and_unload");
  CHECK(plain.status == 6);
  CHECK(plain.output.ends_with("destructed\nunloaded: 1\n"));
}

TEST_CASE("a rule finds the calls of a library each time that it is loaded") {
  const FinishedProcess process = run_scenario(
      "load_and_unload", {"sched_yield:error=ENOSYS:caller=libinject_loaded_library.so"});
  CHECK(process.errors.find("fired 60 times of 60 calls") != std::string::npos);
}

TEST_CASE("constructors and destructors of a program and its library make every call") {
  const FinishedProcess plain = check_unchanged({LINKED_LIBRARY});
  CHECK(plain.output.find("constructed\n") < plain.output.find("before main\n"));
  CHECK(plain.output.ends_with("destructed\n"));
}

TEST_CASE("threads are unwound by pthread_exit, thrd_exit and cancellation") {
  const FinishedProcess nested = check_scenario("unwind_nested_frames");
  CHECK(nested.output.find("inner destroyed\ncaught\nouter destroyed\nthread_local destroyed\n") !=
        std::string::npos);
  CHECK(nested.output.ends_with("cancelled: 1\n"));
  CHECK(
      check_scenario("leave_c11_threads").output.ends_with("created: 0, joined: 0, result: 43\n"));
}

TEST_CASE("a C11 thread that cannot be created is reported in C11's own way") {
  const FinishedProcess process =
      run_scenario("leave_c11_threads", {"thrd_create:error=ENOMEM:when=1"});
  constexpr int no_memory = thrd_nomem;
  CHECK(process.output.starts_with("created: " + std::to_string(no_memory) + ','));
}

TEST_CASE("a process shows the threads and descriptors that it has without the shim") {
  const FinishedProcess plain = check_scenario("count_threads");
  CHECK(plain.output.starts_with("4 threads, "));
}

// pthread_create is no cancellation point, whether it is made or fails.
TEST_CASE("a thread that is to be cancelled creates a thread first") {
  const std::string went_on = "went on: 0\ncreator destroyed\n";
  CHECK(check_scenario("create_with_pending_cancellation").output.find(went_on) !=
        std::string::npos);
}

// call_with_full_masks is not among them: a mask that is read back has no SIGSYS under that layer.
TEST_CASE("the raw layer changes nothing in these programs either") {
  for (const char* scenario :
       {"fork_and_call", "execute_and_call", "vfork_execute_and_call", "vfork_and_exit",
        "spawn_and_call", "call_by_system", "call_by_popen", "call_in_handlers",
        "call_in_handler_on_alternate_stack", "call_in_handler_on_smallest_stack",
        "leave_c11_threads", "unwind_nested_frames", "count_threads",
        "create_with_pending_cancellation", "call_on_smallest_stack", "load_and_unload",
        "close_all_descriptors"}) {
    INFO(scenario);
    const std::vector<std::string> command{COEXISTENCE_SCENARIOS, scenario};
    const FinishedProcess plain = run(command);
    std::vector<std::string> whole{HEDDLE_INJECT_PROGRAM,         "run", "--raw", "-e",
                                   "mmap:error=ENOMEM:when=9999", "--"};
    whole.insert(whole.end(), command.begin(), command.end());
    const FinishedProcess raw = run(whole);
    CHECK(raw.status == plain.status);
    CHECK(raw.output == plain.output);
    CHECK(without_report(raw.errors) == plain.errors);
  }
}

TEST_CASE("what the raw layer leaves alone, the symbol layer does as well") {
  for (const char* scenario :
       {"spawn_and_join", "spawn_detached", "wait_on_condition", "cancel_deferred",
        "cancel_masked_wait", "cancel_asynchronously", "signal_storm", "jump_out_of_handler",
        "suspend", "block_all_signals", "block_all_in_handlers", "mask_of_signal_frame",
        "own_sigsys_handler", "fork_from_threads"}) {
    check_unchanged({RAW_SCENARIOS, scenario});
  }
}

}  // namespace
}  // namespace heddle::tests
