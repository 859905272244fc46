#include <heddle/duration.hpp>

#include <time.h>

#include <cerrno>
#include <csignal>
#include <cstdint>
#include <limits>

#include "child_process.hpp"
#include "scripted_calls.hpp"
#include "support/catch.hpp"
#include "sys/monotonic_clock.hpp"
#include "sys/sleep.hpp"

namespace heddle::tests {
namespace {

using namespace std::chrono_literals;

bool is(Duration duration, std::uint64_t seconds, std::uint32_t nanoseconds) {
  return duration.seconds == seconds && duration.nanoseconds == nanoseconds;
}

TEST_CASE("a duration is made from any span of time") {
  CHECK(is(1500ms, 1, 500'000'000));
  CHECK(is(2h, 7200, 0));
  CHECK(is(std::chrono::duration<double>(0.25), 0, 250'000'000));
}

TEST_CASE("a span of time below zero, or of no number, is a duration of zero") {
  CHECK(is(-1ns, 0, 0));
  CHECK(is(std::chrono::hours::min(), 0, 0));
  CHECK(is(std::chrono::duration<double>(std::numeric_limits<double>::quiet_NaN()), 0, 0));
}

TEST_CASE("a span of time beyond the range is the longest duration") {
  const Duration longest = Duration::max();
  CHECK(is(std::chrono::hours::max(), longest.seconds, longest.nanoseconds));
  CHECK(is(std::chrono::duration<double>(std::numeric_limits<double>::infinity()), longest.seconds,
           longest.nanoseconds));
}

TEST_CASE("a moment that the clock will never show is none") {
  CHECK_FALSE(sys::moment_after(Duration::max()));
  CHECK_FALSE(sys::moment_after(Duration(std::numeric_limits<std::int64_t>::max(), 0)));
}

std::int64_t nanoseconds_of(std::int64_t seconds, std::int64_t nanoseconds) {
  return seconds * 1'000'000'000 + nanoseconds;
}

std::int64_t monotonic_now() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return nanoseconds_of(now.tv_sec, now.tv_nsec);
}

TEST_CASE("a moment is well formed, and lies as far ahead as was asked") {
  // Of the second, the nanoseconds are carried over for sure.
  for (const Duration span : {Duration(0, 0), Duration(1, 999'999'999), Duration(77, 5)}) {
    const std::int64_t ahead = nanoseconds_of(static_cast<long>(span.seconds), span.nanoseconds);
    const std::int64_t before = monotonic_now();
    const auto moment = sys::moment_after(span);
    const std::int64_t after = monotonic_now();
    REQUIRE(moment);
    CHECK(moment->nanoseconds < 1'000'000'000);
    CHECK(before + ahead <= nanoseconds_of(moment->seconds, moment->nanoseconds));
    CHECK(nanoseconds_of(moment->seconds, moment->nanoseconds) <= after + ahead);
  }
}

TEST_CASE("a moment on the second is one of the next, with no nanoseconds") {
  Script script;
  script.answer("clock_gettime", 0);
  const auto moment = sys::moment_after(Duration(2, 500'000'000));
  REQUIRE(moment);
  CHECK(moment->seconds == 3);
  CHECK(moment->nanoseconds == 0);
}

TEST_CASE("sleeping for no time makes no call") {
  Script script;
  sys::sleep(Duration());
  CHECK(script.calls("nanosleep").empty());
}

TEST_CASE("sleep goes on with the rest after a signal") {
  Script script;
  script.answer("nanosleep", EINTR).answer("nanosleep", EINTR).answer("nanosleep", 0);
  sys::sleep(Duration(500, 7));
  CHECK(script.calls("nanosleep") == std::vector<unsigned long>{500, 1, 1});
}

TEST_CASE("a sleep longer than the kernel's type holds is slept in rounds") {
  Script script;
  script.answer("nanosleep", 0).answer("nanosleep", 0).answer("nanosleep", 0);
  sys::sleep(Duration::max());
  constexpr unsigned long most = std::numeric_limits<time_t>::max();
  CHECK(script.calls("nanosleep") == std::vector<unsigned long>{most, most, 1});
}

TEST_CASE("any other errno of nanosleep is fatal and named") {
  const Ending ending = run_in_child([] {
    Script script;
    script.answer("nanosleep", EINVAL);
    sys::sleep(Duration(1, 0));
  });
  CHECK(ending.signal == SIGABRT);
  CHECK(ending.says("heddle: fatal: nanosleep: Invalid argument (os error 22)"));
}

}  // namespace
}  // namespace heddle::tests
