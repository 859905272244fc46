#include <heddle/panic.hpp>
#include <heddle/thread.hpp>

#include <pthread.h>

#include <atomic>

#include "counts_drop.hpp"
#include "quiet_panics.hpp"
#include "support/catch.hpp"

namespace heddle::tests {
namespace {

TEST_CASE("a thread that pthread_exit takes away leaves no result, and drops its body once") {
  int dropped = 0;
  auto handle = thread::spawn([witness = CountsDrop(dropped)] { pthread_exit(nullptr); });
  const auto outcome = std::move(handle).join_outcome();
  CHECK_FALSE(outcome);
  CHECK(dropped == 1);
}

TEST_CASE("joining a thread without a result panics") {
  const QuietPanics quiet;
  auto result = panic::catch_unwind(
      [] { static_cast<void>(thread::spawn([] { pthread_exit(nullptr); }).join()); });
  REQUIRE(result.has_error());
  CHECK(result.error().text()->find("ended without a result") != std::string_view::npos);
}

TEST_CASE("pthread_exit passes through catch_unwind") {
  bool caught = false;
  auto handle = thread::spawn([&] {
    static_cast<void>(panic::catch_unwind([] { pthread_exit(nullptr); }));
    caught = true;
  });
  const auto outcome = std::move(handle).join_outcome();
  CHECK_FALSE(outcome);
  CHECK_FALSE(caught);
}

TEST_CASE("a scoped thread that vanishes counts as panicked") {
  const QuietPanics quiet;
  auto result = panic::catch_unwind([] {
    thread::scope([](const thread::Scope& scope) { scope.spawn([] { pthread_exit(nullptr); }); });
  });
  REQUIRE(result.has_error());
  CHECK(*result.error().text() == "a scoped thread panicked");
}

TEST_CASE("a scoped thread that vanishes and is joined does not count") {
  const int value = thread::scope([](const thread::Scope& scope) {
    CHECK_FALSE(scope.spawn([] { pthread_exit(nullptr); }).join_outcome());
    return 3;
  });
  CHECK(value == 3);
}

// The scoped thread cannot end before the owner waits for it: it needs the owner parked or gone.
TEST_CASE("a scope waits for its threads also when pthread_exit leaves its body") {
  std::atomic<bool> thread_ended = false;
  bool scope_returned_early = false;
  struct AfterScope {
    std::atomic<bool>& ended;
    bool& early;
    ~AfterScope() { early = !ended; }
  };
  auto owner = thread::spawn([&] {
    const AfterScope after{thread_ended, scope_returned_early};
    thread::scope([&](const thread::Scope& scope) {
      scope.spawn([&] {
        thread::park_timeout(std::chrono::milliseconds(20));
        thread_ended = true;
      });
      pthread_exit(nullptr);
    });
  });
  const auto outcome = std::move(owner).join_outcome();
  CHECK_FALSE(outcome);
  CHECK_FALSE(scope_returned_early);
  CHECK(thread_ended);
}

}  // namespace
}  // namespace heddle::tests
