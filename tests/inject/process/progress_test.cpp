// The judgement from looks alone: no process, no clock.
#include <process/progress.hpp>

#include <cstdint>

#include "support/catch.hpp"

namespace heddle::tests {
namespace {

using namespace heddle::inject;
using namespace std::chrono_literals;
using Finding = Progress::Finding;

ThreadLook thread_that(Outlook outlook) {
  ThreadLook thread;
  thread.process = thread.thread = 100;
  thread.outlook = outlook;
  return thread;
}

/// One that has run so often.
RunLook look_of(std::vector<ThreadLook> threads, int runs = 0, std::int64_t processor_ms = 0) {
  RunLook look;
  for (std::size_t index = 0; index < threads.size(); ++index) {
    look.run_times[static_cast<pid_t>(100 + index)] = std::to_string(runs);
  }
  look.threads = std::move(threads);
  look.processor_ms = processor_ms;
  return look;
}

/// Looks as often as the watch wants to, at a machine that is never late, until there is a finding.
/// Returns it and after how long it came.
struct Judged {
  Finding finding;
  std::chrono::milliseconds after;
};
template <typename Look>
Judged judged(Progress& progress, Look look) {
  std::chrono::milliseconds now{0};
  for (int count = 0; count < 100000; ++count) {
    const auto passed = progress.until_next_look();
    now += passed;
    if (const Finding finding = progress.add(look(count), passed); finding != Finding::none) {
      return {finding, now};
    }
  }
  return {Finding::none, now};
}

Judged judged_when_always(const std::vector<ThreadLook>& threads, Patience patience) {
  Progress progress(patience);
  return judged(progress, [&](int) { return look_of(threads); });
}

const Patience usual{2s};

TEST_CASE("threads that wait for one another are seen at the second look") {
  Progress progress(usual);
  const RunLook look = look_of({thread_that(Outlook::inside), thread_that(Outlook::inside)});
  CHECK(progress.add(look, 100ms) == Finding::none);
  CHECK(progress.add(look, 0ms) == Finding::blocked);
}

TEST_CASE("a thread that has run between two looks may have woken the others") {
  Progress progress(usual);
  for (int runs = 0; runs < 10; ++runs) {
    CHECK(progress.add(look_of({thread_that(Outlook::inside)}, runs), 1s) == Finding::none);
  }
}

TEST_CASE("one thread that others may wake keeps all from being blocked") {
  const auto other = GENERATE(Outlook::outside, Outlook::timed, Outlook::in_kernel);
  const Judged seen = judged_when_always({thread_that(Outlook::inside), thread_that(other)}, usual);
  CHECK(seen.finding != Finding::blocked);
  CHECK(seen.after >= 2s);
}

TEST_CASE("who waits for others without a limit is idle after the deadline") {
  const Judged seen = judged_when_always({thread_that(Outlook::outside)}, usual);
  CHECK(seen.finding == Finding::idle);
  CHECK(seen.after >= 2s);
  CHECK(seen.after <= 4s);
}

TEST_CASE("a run without threads is idle in the end") {
  CHECK(judged_when_always({}, usual).finding == Finding::idle);
}

TEST_CASE("waits with a limit have thirty deadlines, but not more than a minute") {
  const Judged usual_end = judged_when_always({thread_that(Outlook::timed)}, usual);
  CHECK(usual_end.finding == Finding::still_waiting);
  CHECK(usual_end.after >= 60s);
  CHECK(usual_end.after <= 61s);
  const Judged sooner = judged_when_always({thread_that(Outlook::timed)}, Patience(500ms));
  CHECK(sooner.after >= 15s);
  CHECK(sooner.after <= 16s);
  const Judged later = judged_when_always({thread_that(Outlook::timed)}, Patience(100s));
  CHECK(later.after >= 100s);
}

TEST_CASE("a loop of short waits ends as one long wait does") {
  Progress progress(usual);
  const Judged seen =
      judged(progress, [](int count) { return look_of({thread_that(Outlook::timed)}, count); });
  CHECK(seen.finding == Finding::still_waiting);
  CHECK(seen.after >= 60s);
}

TEST_CASE("a sleep that is longer than all deadlines need not be waited for") {
  ThreadLook sleeper = thread_that(Outlook::timed);
  sleeper.left_ms = 1'000'000;
  sleeper.by_time_alone = true;
  const Judged seen = judged_when_always({thread_that(Outlook::inside), sleeper}, usual);
  CHECK(seen.finding == Finding::still_waiting);
  CHECK(seen.after < 2s);
  sleeper.by_time_alone = false;
  CHECK(judged_when_always({sleeper}, usual).after >= 60s);
}

TEST_CASE("a sleep that ends before all deadlines is waited for, however much of it is over") {
  Progress progress(usual);
  ThreadLook sleeper = thread_that(Outlook::timed);
  sleeper.left_ms = 40'000;
  sleeper.left_when_called = true;
  sleeper.by_time_alone = true;
  auto now = 0ms;
  while (now < 40s) {
    CHECK(progress.add(look_of({sleeper}), 100ms) == Finding::none);
    now += 100ms;
  }
  // Another one would be too long.
  CHECK(progress.add(look_of({sleeper}, 1), 100ms) == Finding::none);
  CHECK(progress.add(look_of({sleeper}, 1), 100ms) == Finding::still_waiting);
}

TEST_CASE("a thread that waits for a processor lets no time pass") {
  Progress progress(usual);
  const Judged seen = judged(progress, [](int) { return look_of({thread_that(Outlook::runs)}); });
  CHECK(seen.finding == Finding::none);
}

TEST_CASE("a thread that is busy has five deadlines of processor time") {
  Progress progress(usual);
  const Judged seen = judged(progress, [](int count) {
    return look_of({thread_that(Outlook::runs)}, count, 10 * count);  // 10 ms a look
  });
  CHECK(seen.finding == Finding::still_running);
  CHECK(seen.after >= 100s);  // a machine that gives it little lets it run for longer
}

TEST_CASE("a watch that comes late counts what it had meant to wait at most twice") {
  Progress progress(usual);
  const RunLook look = look_of({thread_that(Outlook::timed)});
  CHECK(progress.add(look, 100ms) == Finding::none);
  CHECK(progress.add(look, 12h) == Finding::none);
  CHECK(progress.add(look, 12h) == Finding::none);
}

TEST_CASE("what the kernel does not come back from is still running") {
  CHECK(judged_when_always({thread_that(Outlook::in_kernel)}, usual).finding ==
        Finding::still_running);
}

TEST_CASE("what threads wait for is said with their limits") {
  ThreadLook main = thread_that(Outlook::timed);
  main.name = "program";
  main.call = "clock_nanosleep";
  main.left_ms = 3200;
  ThreadLook worker = thread_that(Outlook::inside);
  worker.thread = 101;
  worker.name = "worker";
  worker.call = "futex";
  const RunLook look = look_of({main, worker});
  CHECK(describe_waits(look, true) ==
        "main in clock_nanosleep, 3.2 s left; worker in futex, without a time limit");
  CHECK(describe_waits(look, false) == "main in clock_nanosleep; worker in futex");
  main.left_when_called = true;
  CHECK(limit_text(main) == ", for 3.2 s at most");
  main.left_ms.reset();
  CHECK(limit_text(main) == ", perhaps with a time limit");
  CHECK(describe_waits(look_of(std::vector(6, worker)), false) ==
        "worker in futex; worker in futex; worker in futex; worker in futex; and 2 more");
}

}  // namespace
}  // namespace heddle::tests
