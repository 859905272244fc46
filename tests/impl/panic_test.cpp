#include <heddle/io.hpp>
#include <heddle/panic.hpp>
#include <heddle/thread.hpp>

#include <csignal>
#include <cstdint>
#include <exception>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>

#include "child_process.hpp"
#include "counts_drop.hpp"
#include "quiet_panics.hpp"
#include "support/catch.hpp"

namespace heddle::tests {
namespace {

using panic::Payload;

TEST_CASE("a payload gives out its object only as what it is") {
  Payload payload(std::string("text"));
  CHECK(payload.downcast_ref<int>() == nullptr);
  CHECK(*payload.downcast_ref<std::string>() == "text");
  const auto number = std::move(payload).downcast<int>();
  CHECK_FALSE(number);
  // Not moved from: the wrong type was asked for.
  const auto text = std::move(payload).downcast<std::string>();  // NOLINT(bugprone-use-after-move)
  CHECK(*text == "text");
}

TEST_CASE("a payload may be of a type that cannot be copied") {
  const QuietPanics quiet;
  int dropped = 0;
  {
    auto result = panic::catch_unwind([&] { panic::panic_any(CountsDrop(dropped)); });
    CHECK(result.error().is<CountsDrop>());
    CHECK(dropped == 0);
  }
  CHECK(dropped == 1);
}

TEST_CASE("a literal is carried as static text, other text as a string") {
  const QuietPanics quiet;
  CHECK(panic::catch_unwind([] { panic::panic("l"); }).error().is<std::string_view>());
  CHECK(panic::catch_unwind([] { panic::panic(std::string("s")); }).error().is<std::string>());
}

TEST_CASE("the default hook names the thread, the message and the place") {
  const Ending ending = run_in_child([] {
    static_cast<void>(
        thread::Builder().name("weaver").spawn([] { panic::panic("snap"); }).value().join());
  });
  CHECK(ending.says("thread 'weaver' panicked: snap, "));
  CHECK(ending.says("panic_test.cpp:"));
}

TEST_CASE("the default hook calls a thread without a name unnamed") {
  const Ending ending =
      run_in_child([] { static_cast<void>(panic::catch_unwind([] { panic::panic_any(1); })); });
  CHECK(ending.says("thread '<unnamed>' panicked: a payload that is not text, "));
}

TEST_CASE("the hook that was taken can be set again") {
  int calls = 0;
  panic::set_hook([&](const panic::PanicInfo& info) { calls += info.message == "x" ? 1 : 100; });
  panic::set_hook(panic::take_hook());
  CHECK(panic::catch_unwind([] { panic::panic("x"); }).has_error());
  static_cast<void>(panic::take_hook());
  CHECK(calls == 1);
}

TEST_CASE("the hook that was set last is the one that runs") {
  int calls_of_first = 0;
  int calls_of_second = 0;
  panic::set_hook([&](const panic::PanicInfo&) { ++calls_of_first; });
  panic::set_hook([&](const panic::PanicInfo&) { ++calls_of_second; });
  CHECK(panic::catch_unwind([] { panic::panic("x"); }).has_error());
  static_cast<void>(panic::take_hook());
  CHECK(calls_of_first == 0);
  CHECK(calls_of_second == 1);
}

TEST_CASE("the default hook makes no handle for a thread that has none") {
  const std::uint64_t before = thread::ThreadId::next().as_u64();
  std::thread([] {
    const auto sink = std::make_shared<io::Sink>();
    io::set_output_capture(sink);
    static_cast<void>(panic::catch_unwind([] { panic::panic("x"); }));
  }).join();
  CHECK(thread::ThreadId::next().as_u64() == before + 1);
}

TEST_CASE("a hook that replaces the hook panics, and that is fatal") {
  const Ending ending = run_in_child([] {
    panic::set_hook([](const panic::PanicInfo&) { panic::set_hook({}); });
    static_cast<void>(panic::catch_unwind([] { panic::panic("x"); }));
  });
  CHECK(ending.signal == SIGABRT);
  CHECK(ending.says("thread panicked while processing panic. aborting."));
}

TEST_CASE("an exception that is no panic is fatal where panics are caught") {
  const Ending ending = run_in_child([] {
    static_cast<void>(panic::catch_unwind([] { throw std::runtime_error("the yarn is gone"); }));
  });
  CHECK(ending.signal == SIGABRT);
  CHECK(ending.says("an exception that is not a panic: the yarn is gone"));
}

TEST_CASE("what is thrown, and is no exception, is fatal where panics are caught") {
  const Ending ending =
      run_in_child([] { static_cast<void>(panic::catch_unwind([] { throw 42; })); });
  CHECK(ending.signal == SIGABRT);
  CHECK(ending.says("an exception that is not a panic: it is of a type of its own"));
}

TEST_CASE("a panic that a catch clause swallows is fatal") {
  const Ending ending = run_in_child([] {
    try {
      panic::panic("lost");
    } catch (...) {
    }
  });
  CHECK(ending.signal == SIGABRT);
  CHECK(ending.says("a panic ended in a catch clause"));
}

TEST_CASE("a panic that a catch clause passes on arrives") {
  const QuietPanics quiet;
  auto result = panic::catch_unwind([] {
    try {
      panic::panic("kept");
    } catch (...) {
      throw;
    }
  });
  CHECK(*result.error().text() == "kept");
  CHECK_FALSE(panic::panicking());
}

TEST_CASE("a panic that is kept and rethrown on its own thread arrives") {
  const QuietPanics quiet;
  auto result = panic::catch_unwind([] {
    std::exception_ptr kept;
    try {
      panic::panic("kept");
    } catch (...) {
      kept = std::current_exception();
    }
    CHECK(panic::panicking());
    std::rethrow_exception(kept);
  });
  CHECK(*result.error().text() == "kept");
  CHECK_FALSE(panic::panicking());
}

TEST_CASE("a panic that is rethrown on another thread is fatal") {
  const Ending ending = run_in_child([] {
    std::exception_ptr kept;
    try {
      panic::panic("stray");
    } catch (...) {
      kept = std::current_exception();
    }
    static_cast<void>(thread::spawn([&] { std::rethrow_exception(kept); }).join());
  });
  CHECK(ending.signal == SIGABRT);
  CHECK(ending.says("a panic was rethrown on another thread than it began on"));
}

TEST_CASE("a panic at the bottom of a thread that the runtime did not start is fatal") {
  const Ending ending = run_in_child([] { std::thread([] { panic::panic("snap"); }).join(); });
  CHECK(ending.signal == SIGABRT);
  CHECK(ending.says("panicked: snap"));
}

TEST_CASE("an exception that leaves the hook is fatal") {
  const Ending ending = run_in_child([] {
    panic::set_hook([](const panic::PanicInfo&) { throw std::runtime_error("unheard"); });
    try {
      static_cast<void>(panic::catch_unwind([] { panic::panic("x"); }));
    } catch (const std::runtime_error&) {
    }
  });
  CHECK(ending.signal == SIGABRT);
}

TEST_CASE("a panic that was caught can be resumed from a destructor that catches it") {
  const QuietPanics quiet;
  struct ResumesWithin {
    ~ResumesWithin() {
      auto inner = panic::catch_unwind([] { panic::resume_unwind(panic::Payload(1)); });
      CHECK(inner.error().is<int>());
      CHECK(panic::panicking());
    }
  };
  auto outer = panic::catch_unwind([] {
    const ResumesWithin witness;
    panic::panic("outer");
  });
  CHECK(*outer.error().text() == "outer");
  CHECK_FALSE(panic::panicking());
}

// Panics when it is destroyed, unless it was moved from.
class PanicsWhenDropped {
 public:
  PanicsWhenDropped() = default;
  PanicsWhenDropped(PanicsWhenDropped&& other) noexcept
      : armed_(std::exchange(other.armed_, false)) {}
  PanicsWhenDropped& operator=(PanicsWhenDropped&&) = delete;
  ~PanicsWhenDropped() noexcept(false) {
    if (armed_) {
      panic::panic("dropped");
    }
  }

 private:
  bool armed_ = true;
};

TEST_CASE("a capture that panics when it is dropped is the panic of its closure") {
  const QuietPanics quiet;
  auto result = thread::spawn([witness = PanicsWhenDropped()] { return 1; }).join();
  CHECK(*result.error().text() == "dropped");
}

TEST_CASE("a value is dropped once when its closure panics after returning it") {
  const QuietPanics quiet;
  int dropped = 0;
  auto result =
      thread::spawn([&, witness = PanicsWhenDropped()] { return CountsDrop(dropped); }).join();
  CHECK(result.has_error());
  CHECK(dropped == 1);
}

TEST_CASE("a panic leaves a box, a slot and a result that are destroyed") {
  const QuietPanics quiet;
  CHECK(panic::catch_unwind([] { make_box<PanicsWhenDropped>(); }).has_error());
  CHECK(panic::catch_unwind([] { Slot<PanicsWhenDropped>{PanicsWhenDropped()}; }).has_error());
  CHECK(panic::catch_unwind([] {
          const Result<PanicsWhenDropped, int> result{PanicsWhenDropped()};
        }).has_error());
}

TEST_CASE("a slot whose value panics when it is dropped is empty, and drops nothing again") {
  const QuietPanics quiet;
  Slot<PanicsWhenDropped> slot{PanicsWhenDropped()};
  CHECK(panic::catch_unwind([&] { slot.reset(); }).has_error());
  CHECK_FALSE(slot);
}

TEST_CASE("what is taken out of a slot leaves nothing there to be destroyed") {
  const auto shared = std::make_shared<int>(1);
  struct KeepsItsShare {
    std::shared_ptr<int> share;
    explicit KeepsItsShare(std::shared_ptr<int> given) : share(std::move(given)) {}
    // NOLINTNEXTLINE(performance-move-constructor-init): what was moved from keeps its share, too
    KeepsItsShare(KeepsItsShare&& other) noexcept : share(other.share) {}
  };
  {
    Slot<KeepsItsShare> slot{KeepsItsShare(shared)};
    const KeepsItsShare taken = slot.take();
    CHECK(shared.use_count() == 2);
  }
  CHECK(shared.use_count() == 1);
}

TEST_CASE("a result that nobody claims and that panics when it is dropped is fatal") {
  const Ending ending = run_in_child([] {
    auto handle = thread::spawn([] { return PanicsWhenDropped(); });
    while (!handle.is_finished()) {
      thread::yield_now();
    }
  });
  CHECK(ending.signal == SIGABRT);
  CHECK(ending.says("heddle: fatal: thread result panicked on drop"));
}

TEST_CASE("a result that is asked for what it does not hold panics") {
  const QuietPanics quiet;
  CHECK(panic::catch_unwind([] {
          Result<int, std::string> result(1);
          result.error();
        }).has_error());
  CHECK(panic::catch_unwind([] {
          Result<int, std::string> result(std::string("no"));
          result.value();
        }).has_error());
}

}  // namespace
}  // namespace heddle::tests
