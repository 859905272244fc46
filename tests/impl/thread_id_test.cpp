#include <heddle/panic.hpp>
#include <heddle/testing/presets.hpp>
#include <heddle/thread.hpp>

#include <csignal>
#include <cstdint>
#include <limits>
#include <unordered_set>

#include "child_process.hpp"
#include "counts_drop.hpp"
#include "quiet_panics.hpp"
#include "support/catch.hpp"

namespace heddle::tests {
namespace {

using thread::ThreadId;
constexpr std::uint64_t last = std::numeric_limits<std::uint64_t>::max();

// Puts back what a preset has changed, so that other tests find numbers.
struct Exhausted {
  std::uint64_t before = ThreadId::next().as_u64();
  explicit Exhausted(std::uint64_t next) { testing::set_next_thread_id(next); }
  Exhausted(const Exhausted&) = delete;
  Exhausted& operator=(const Exhausted&) = delete;
  ~Exhausted() { testing::set_next_thread_id(before + 1); }
};

TEST_CASE("when no thread id is left, asking panics, and goes on to panic") {
  const QuietPanics quiet;
  const Exhausted exhausted(last - 1);
  CHECK(ThreadId::next().as_u64() == last - 1);
  for (int i = 0; i < 2; ++i) {
    auto result = panic::catch_unwind([] { ThreadId::next(); });
    REQUIRE(result.has_error());
    CHECK(*result.error().text() == "failed to generate unique thread ID: bitspace exhausted");
  }
}

// A lock that is still held would hang here: the hook takes it.
TEST_CASE("the panic about thread ids does not lock out the hook") {
  const Exhausted exhausted(last);
  panic::set_hook([](const panic::PanicInfo&) { testing::set_next_thread_id(5); });
  CHECK(panic::catch_unwind([] { ThreadId::next(); }).has_error());
  static_cast<void>(panic::take_hook());
  CHECK(ThreadId::next().as_u64() == 5);
}

TEST_CASE("a spawn that gets no thread id drops its body once") {
  const QuietPanics quiet;
  const Exhausted exhausted(last);
  int dropped = 0;
  CHECK(
      panic::catch_unwind([&] { thread::spawn([witness = CountsDrop(dropped)] {}); }).has_error());
  CHECK(dropped == 1);
}

TEST_CASE("a name with a NUL inside uses up no thread id") {
  const QuietPanics quiet;
  const std::uint64_t before = ThreadId::next().as_u64();
  auto result = panic::catch_unwind(
      [] { static_cast<void>(thread::Builder().name(std::string("a\0b", 3)).spawn([] {})); });
  CHECK(result.has_error());
  CHECK(ThreadId::next().as_u64() == before + 1);
}

TEST_CASE("thread ids are keys of unordered containers") {
  const ThreadId first = ThreadId::next();
  const std::unordered_set<ThreadId> ids{first, ThreadId::next(), first};
  CHECK(ids.size() == 2);
  CHECK(ids.contains(first));
}

TEST_CASE("setting a thread's information twice is fatal") {
  const Ending ending = run_in_child([] { testing::set_thread_info_again(); });
  CHECK(ending.signal == SIGABRT);
  CHECK(ending.says("heddle: fatal: the thread's information is set already"));
}

}  // namespace
}  // namespace heddle::tests
