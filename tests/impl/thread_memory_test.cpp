// That threads give back all the memory they take, libc's own on their behalf included.
#include <malloc.h>

#include <cstddef>
#include <heddle/sys/stack_guard.hpp>
#include <heddle/thread.hpp>
#include <memory>

#include "started_runtime.hpp"
#include "support/catch.hpp"

namespace heddle::tests {
namespace {

// A sanitizer has an allocator of its own, and says itself what was not given back.
#if !defined(HEDDLE_SANITIZED)

HEDDLE_THREAD_LOCAL(LAZY, std::make_unique<int>(1));
HEDDLE_THREAD_LOCAL_CONST(CONSTANT, std::unique_ptr<int>());
HEDDLE_THREAD_LOCAL_OS(SYSTEM, std::make_unique<int>(3));

void live_and_die() {
  const auto body = [] {
    LAZY.with([](std::unique_ptr<int>&) {});
    CONSTANT.with([](std::unique_ptr<int>& value) { value = std::make_unique<int>(2); });
    SYSTEM.with([](std::unique_ptr<int>&) {});
    return sys::guard::current().has_value();
  };
  REQUIRE(thread::Builder().name("short-lived").spawn(body).value().join().value());
}

TEST_CASE("a thread gives back what it and the system allocate for it") {
  constexpr int threads = 64;
  // The first ones leave behind what is made once: keys, arenas, libc's stacks.
  for (int round = 0; round < threads; ++round) {
    live_and_die();
  }
  const std::size_t before = ::mallinfo2().uordblks;
  for (int round = 0; round < threads; ++round) {
    live_and_die();
  }
  // Whether a block counts as taken depends on which thread was the last to give it back. What each
  // thread kept would be 32 bytes at least.
  CHECK(::mallinfo2().uordblks < before + std::size_t{threads} * 16);
}

#endif

}  // namespace
}  // namespace heddle::tests
