#include "sys/futex.hpp"

#include <cerrno>
#include <csignal>
#include <cstdint>
#include <utility>

#include "child_process.hpp"
#include "scripted_calls.hpp"
#include "support/catch.hpp"

namespace heddle::tests {
namespace {

using Word = std::atomic<std::int32_t>;
constexpr sys::Moment moment{.seconds = 77, .nanoseconds = 5};

TEST_CASE("a futex wait goes on after a signal, until the same moment") {
  Script script;
  script.answer("futex wait", EINTR).answer("futex wait", EINTR).answer("futex wait", 0);
  const Word word{0};
  CHECK(sys::futex_wait(word, 0, moment) == sys::Wait::woken);
  CHECK(script.calls("futex wait") == std::vector<unsigned long>{77, 77, 77});
}

TEST_CASE("a futex wait is not tried again after a signal when its word has changed meanwhile") {
  Script script;
  const Word word{1};
  script.answer("futex wait", EINTR);
  CHECK(sys::futex_wait(word, 0, moment) == sys::Wait::woken);
  CHECK(script.calls("futex wait").size() == 1);
}

TEST_CASE("a futex wait on a word that has changed is over") {
  Script script;
  const Word word{1};
  CHECK(sys::futex_wait(word, 0, std::nullopt) == sys::Wait::woken);
  CHECK(script.calls("futex wait").size() == 1);
}

TEST_CASE("a futex wait says that its time is over") {
  const Word word{0};
  CHECK(sys::futex_wait(word, 0, sys::Moment{.seconds = 0, .nanoseconds = 0}) ==
        sys::Wait::timed_out);
}

TEST_CASE("a futex wait without a wake lasts until its moment") {
  const Word word{0};
  const auto until = sys::moment_after(Duration(0, 2'000'000));
  REQUIRE(until);
  CHECK(sys::futex_wait(word, 0, until) == sys::Wait::timed_out);
  const auto now = sys::moment_after(Duration());
  REQUIRE(now);
  CHECK(std::pair(now->seconds, now->nanoseconds) >= std::pair(until->seconds, until->nanoseconds));
}

TEST_CASE("any other errno of a futex wait is fatal and named") {
  const Ending ending = run_in_child([] {
    Script script;
    script.answer("futex wait", ENOSYS);
    const Word word{0};
    sys::futex_wait(word, 0, std::nullopt);
  });
  CHECK(ending.signal == SIGABRT);
  CHECK(ending.says("heddle: fatal: futex (FUTEX_WAIT_BITSET): Function not implemented"));
}

TEST_CASE("a failing futex wake is fatal and named") {
  const Ending ending = run_in_child([] {
    Script script;
    script.answer("futex wake", EFAULT);
    const Word word{0};
    sys::futex_wake_one(word);
  });
  CHECK(ending.signal == SIGABRT);
  CHECK(ending.says("heddle: fatal: futex (FUTEX_WAKE): Bad address (os error 14)"));
}

}  // namespace
}  // namespace heddle::tests
