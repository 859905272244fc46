// The verdict on a run, from what was seen of it alone.
#include "campaign/verdict.hpp"

#include <signal.h>

#include <cstdint>

#include "support/catch.hpp"

namespace heddle::tests {
namespace {

using namespace heddle::inject;

constexpr int exit_status(int status) {
  return status << 8;
}

Observation usual_run() {
  Observation run;
  run.output.add("result\n");
  run.exit_state = {1, 1, 3, 0, 4096, 4096, 0};
  run.calls[HEDDLE_INJECT_PTHREAD_CREATE] = 2;
  run.calls[HEDDLE_INJECT_MMAP] = 2;
  return run;
}

Baseline usual() {
  Observation wider = usual_run();
  wider.exit_state.mapped_bytes = 8192;
  return baseline_of({usual_run(), wider}).value();
}

Judgement judge_create(const Observation& run, std::uint64_t fired = 1) {
  return judge(usual(), run, {HEDDLE_INJECT_PTHREAD_CREATE, fired});
}

/// As a program that makes up for the failed call.
Observation recovered_run() {
  return usual_run();
}

TEST_CASE("a fault that never fired is not reached, whatever the run did") {
  Observation run = usual_run();
  run.wait_status = SIGSEGV;
  CHECK(judge_create(run, 0).verdict == Verdict::not_reached);
}

TEST_CASE("the same status and output is survived") {
  CHECK(judge_create(recovered_run()).verdict == Verdict::survived);
}

TEST_CASE("another exit status is reported, and the message is the first new line") {
  Observation run = usual_run();
  run.wait_status = exit_status(1);
  run.errors.add("no thread\nbye\n");
  CHECK(judge_create(run).verdict == Verdict::reported);
  CHECK(judge_create(run).message == "no thread");
}

TEST_CASE("something new on standard error is reported, also with the same status") {
  Observation run = usual_run();
  run.errors.add("one thread less\n");
  CHECK(judge_create(run).verdict == Verdict::reported);
}

TEST_CASE("signals are aborted and crashed, also as a shell reports a child's") {
  const auto [wait_status, verdict] = GENERATE(table<int, Verdict>({
      {SIGABRT, Verdict::aborted},
      {SIGSEGV, Verdict::crashed},
      {exit_status(128 + SIGABRT), Verdict::aborted},
      {exit_status(128 + SIGSEGV), Verdict::crashed},
      {exit_status(200), Verdict::reported},
  }));
  Observation run = usual_run();
  run.wait_status = wait_status;
  CHECK(judge_create(run).verdict == verdict);
}

TEST_CASE("a sanitizer's summary is crashed, and of lost memory leaked") {
  Observation run = usual_run();
  run.wait_status = exit_status(1);
  run.errors.add("==1==ERROR\nSUMMARY: AddressSanitizer: heap-use-after-free a.c:1 in f\n");
  CHECK(judge_create(run).verdict == Verdict::crashed);
  Observation leak = usual_run();
  leak.wait_status = exit_status(23);
  leak.errors.add("SUMMARY: AddressSanitizer: 7 byte(s) leaked in 1 allocation(s).\n");
  CHECK(judge_create(leak).verdict == Verdict::leaked);
}

TEST_CASE("a run that was killed at its deadline is hung") {
  Observation run = usual_run();
  run.end = GENERATE(RunEnd::blocked, RunEnd::idle, RunEnd::still_running);
  run.wait_status = SIGKILL;
  CHECK(judge_create(run).verdict == Verdict::hung);
}

TEST_CASE("other output without a word is wrong output, with a word reported") {
  Observation run = usual_run();
  run.output.add("more\n");
  CHECK(judge_create(run).verdict == Verdict::wrong_output);
  run.errors.add("some is missing\n");
  CHECK(judge_create(run).verdict == Verdict::reported);
}

TEST_CASE("where standard error differs without faults, the message is one of an error") {
  Observation first = usual_run();
  first.errors.add("12:00 started\n");
  Observation second = usual_run();
  second.errors.add("12:01 started\n");
  const Baseline baseline = baseline_of({first, second}).value();
  Observation run = usual_run();
  run.wait_status = exit_status(1);
  run.errors.add("12:02 started\n12:02 pthread_create() failed\n");
  CHECK(judge(baseline, run, {HEDDLE_INJECT_PTHREAD_CREATE, 1}).message ==
        "12:02 pthread_create() failed");
}

TEST_CASE("wrong output says where it first differs") {
  const auto [output, evidence] = GENERATE(table<std::string, std::string>({
      {"resumt\n", "has 'resumt' instead of 'result' in line 1"},
      {"", "lacks 'result' in line 1"},
      {"result\nmore\n", "has 'more' besides in line 2"},
      {"result", "has 'result' in line 1 with another end of line"},
      {std::string("\0\xff\n", 3), "has '\\x00\\xff' instead of 'result' in line 1"},
      {std::string(200, 'x'),
       "has '" + std::string(100, 'x') + "... instead of 'result' in line 1"},
      {"error: no result\n", "has 'error: no result' instead of 'result' in line 1"},
  }));
  Observation run = usual_run();
  run.output = {};
  run.output.add(output);
  const Judgement judgement = judge_create(run);
  CHECK(judgement.verdict == Verdict::wrong_output);
  CHECK(judgement.evidence ==
        "standard output " + evidence + ", with the same status and nothing on standard error");
}

TEST_CASE("a difference beyond what is kept of an output is said to be there") {
  const std::string long_text(OutputCapture::head_size, 'x');
  Observation usual_long = usual_run();
  usual_long.output.add(long_text + "a");
  Observation run = usual_run();
  run.output.add(long_text + "b");
  const Judgement judgement =
      judge(baseline_of({usual_long}).value(), run, {HEDDLE_INJECT_PTHREAD_CREATE, 1});
  CHECK(judgement.verdict == Verdict::wrong_output);
  CHECK(judgement.evidence.find("differs after its first 1048576 bytes") != std::string::npos);
}

TEST_CASE("an error message besides the usual output is reported") {
  Observation run = usual_run();
  run.output = {};
  run.output.add("Warning: fewer threads\nresult\n");
  CHECK(judge_create(run).verdict == Verdict::reported);
  CHECK(judge_create(run).message == "Warning: fewer threads");
}

TEST_CASE("an error message more than usual is reported also where output differs without faults") {
  Observation first = usual_run();
  first.output.add("12:00 warning: slow\n");
  Observation second = usual_run();
  second.output.add("12:01 warning: slow\n");
  const Baseline baseline = baseline_of({first, second}).value();
  Observation run = recovered_run();
  run.calls[HEDDLE_INJECT_PTHREAD_CREATE] = 1;
  run.output.add("12:02 warning: slow\n");
  CHECK(judge(baseline, run, {HEDDLE_INJECT_PTHREAD_CREATE, 1}).verdict ==
        Verdict::silently_degraded);
  run.output.add("12:02 no thread: Resource temporarily unavailable\n");
  CHECK(judge(baseline, run, {HEDDLE_INJECT_PTHREAD_CREATE, 1}).verdict == Verdict::reported);
}

TEST_CASE("a stream that differs without faults is not compared") {
  Observation other = usual_run();
  other.output.add("at 12:00\n");
  Observation run = recovered_run();
  run.output.add("at 12:01\n");
  const Baseline baseline = baseline_of({usual_run(), other}).value();
  CHECK(judge(baseline, run, {HEDDLE_INJECT_PTHREAD_CREATE, 1}).verdict == Verdict::survived);
}

TEST_CASE("more at exit than in any fault-free run is leaked, unless they differ by as much") {
  const auto [threads, descriptors, bytes, verdict] =
      GENERATE(table<std::uint32_t, std::uint32_t, std::uint64_t, Verdict>({
          {1, 3, 8192, Verdict::survived},
          {1, 3, 12416, Verdict::survived},  // and a 64th of the most
          {1, 3, 12417, Verdict::leaked},
          {1, 4, 4096, Verdict::leaked},
          {2, 3, 4096, Verdict::leaked},
      }));
  Observation run = recovered_run();
  run.exit_state = {1, threads, descriptors, 0, bytes, 4096, 0};
  CHECK(judge_create(run).verdict == verdict);
}

TEST_CASE("memory in place of what was refused in another form is not the program's leak") {
  Observation run = usual_run();
  run.exit_state.refused_bytes = 8192;
  run.exit_state.mapped_bytes = 12416 + 2 * 8192;  // read into a buffer that has doubled
  CHECK(judge_create(run).verdict == Verdict::survived);
  ++run.exit_state.mapped_bytes;
  CHECK(judge_create(run).verdict == Verdict::leaked);
}

TEST_CASE("memory that was shared in all other runs is not the program's leak") {
  Observation run = usual_run();
  run.exit_state.shared_bytes = 0;
  run.exit_state.mapped_bytes = 12416 + 4096;
  CHECK(judge_create(run).verdict == Verdict::survived);
  ++run.exit_state.mapped_bytes;
  CHECK(judge_create(run).verdict == Verdict::leaked);
  run.exit_state.shared_bytes = 8192;
  run.exit_state.mapped_bytes = 12417;
  CHECK(judge_create(run).verdict == Verdict::leaked);
}

TEST_CASE("what a run of random status holds is not compared with what others held") {
  Observation other = usual_run();
  other.wait_status = 6 << 8;
  const Baseline baseline = baseline_of({usual_run(), other}).value();
  Observation run = recovered_run();
  run.wait_status = 1 << 8;
  run.exit_state.mapped_bytes = 1U << 20;
  CHECK(judge(baseline, run, {HEDDLE_INJECT_PTHREAD_CREATE, 1}).verdict != Verdict::leaked);
}

TEST_CASE("what a failed release leaves held is not the program's leak") {
  Observation run = usual_run();
  run.exit_state.mapped_bytes = 1U << 20;
  CHECK(judge(usual(), run, {HEDDLE_INJECT_MUNMAP, 1}).verdict == Verdict::survived);
}

TEST_CASE("a stack that libc keeps when it cannot make a thread is not the program's leak") {
  Observation run = usual_run();
  run.exit_state.mapped_bytes = 8U << 20;
  run.calls[HEDDLE_INJECT_CLONE3] = 1;
  CHECK(judge(usual(), run, {HEDDLE_INJECT_CLONE3, 1}).verdict != Verdict::leaked);
  run.exit_state.descriptors = 4;
  CHECK(judge(usual(), run, {HEDDLE_INJECT_CLONE3, 1}).verdict == Verdict::leaked);
}

TEST_CASE("memory that libc's allocator took elsewhere is not the program's leak") {
  Observation run = usual_run();
  run.exit_state.mapped_bytes = 8U << 20;
  CHECK(judge(usual(), run, {HEDDLE_INJECT_MPROTECT, 1, true, true}).verdict != Verdict::leaked);
  CHECK(judge(usual(), run, {HEDDLE_INJECT_MPROTECT, 1, true, false}).verdict == Verdict::leaked);
}

TEST_CASE("a run whose end was not observed has no leak") {
  Observation run = recovered_run();
  run.exit_state = {};
  CHECK(judge_create(run).verdict == Verdict::survived);
}

TEST_CASE("fewer successes of a call with a loss, and silence, is silently degraded") {
  Observation run = usual_run();
  --run.calls[HEDDLE_INJECT_PTHREAD_CREATE];
  CHECK(judge_create(run).verdict == Verdict::silently_degraded);
  Observation spoken = run;
  spoken.errors.add("with one thread less\n");
  CHECK(judge_create(spoken).verdict == Verdict::reported);
}

TEST_CASE("a call without a loss may fail and be done without") {
  Observation run = usual_run();
  --run.calls[HEDDLE_INJECT_MMAP];
  CHECK(judge(usual(), run, {HEDDLE_INJECT_MMAP, 1}).verdict == Verdict::survived);
}

TEST_CASE("a spurious wake-up has refused nothing") {
  Observation run = usual_run();
  --run.calls[HEDDLE_INJECT_PTHREAD_CREATE];
  CHECK(judge(usual(), run, {HEDDLE_INJECT_PTHREAD_CREATE, 1, false}).verdict == Verdict::survived);
}

TEST_CASE("a program that hangs by itself has no baseline") {
  Observation run = usual_run();
  run.end = RunEnd::blocked;
  CHECK_FALSE(baseline_of({usual_run(), run}).has_value());
}

TEST_CASE("statuses that differ without faults are not compared, but a signal is news") {
  Observation other = usual_run();
  other.wait_status = exit_status(1);
  const Baseline baseline = baseline_of({usual_run(), other}).value();
  Observation run = recovered_run();
  run.wait_status = exit_status(2);
  CHECK(judge(baseline, run, {HEDDLE_INJECT_PTHREAD_CREATE, 1}).verdict == Verdict::survived);
  run.wait_status = SIGSEGV;
  CHECK(judge(baseline, run, {HEDDLE_INJECT_PTHREAD_CREATE, 1}).verdict == Verdict::crashed);
}

}  // namespace
}  // namespace heddle::tests
