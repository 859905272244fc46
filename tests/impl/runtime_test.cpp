#include <heddle/panic.hpp>
#include <heddle/runtime.hpp>
#include <heddle/thread.hpp>

#include <pthread.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>

#include "child_process.hpp"
#include "scripted_calls.hpp"
#include "support/catch.hpp"

namespace heddle::tests {
namespace {

TEST_CASE("run returns what main returns") {
  const Ending with_status = run_in_child([] { std::_Exit(runtime::run([] { return 7; })); });
  CHECK(with_status.exit_status == 7);
  const Ending without = run_in_child([] { std::_Exit(runtime::run([] {})); });
  CHECK(without.signal == 0);
  CHECK(without.exit_status == 0);
}

TEST_CASE("the status is 101 after main has panicked") {
  const Ending ending =
      run_in_child([] { std::_Exit(runtime::run([] { panic::panic("main snaps"); })); });
  CHECK(ending.exit_status == 101);
  CHECK(ending.says("main snaps"));
}

TEST_CASE("the main thread is called main, and the process keeps its name") {
  const auto name_of_process = [] {
    std::array<char, 16> name{};
    pthread_getname_np(pthread_self(), name.data(), name.size());
    return name;
  };
  const Ending ending = run_in_child([&] {
    const auto before = name_of_process();
    std::_Exit(runtime::run(
        [&] { return thread::current().name() == "main" && name_of_process() == before ? 0 : 1; }));
  });
  CHECK(ending.signal == 0);
  CHECK(ending.exit_status == 0);
}

struct PanicsOnDrop {
  bool armed = true;
  PanicsOnDrop() = default;
  PanicsOnDrop(PanicsOnDrop&& other) noexcept : armed(std::exchange(other.armed, false)) {}
  PanicsOnDrop& operator=(PanicsOnDrop&&) = delete;
  ~PanicsOnDrop() noexcept(false) {
    if (armed) {
      panic::panic("the payload snaps");
    }
  }
};

TEST_CASE("a payload of main's panic that panics on drop ends the process") {
  const Ending ending =
      run_in_child([] { std::_Exit(runtime::run([] { panic::panic_any(PanicsOnDrop()); })); });
  CHECK(ending.signal == SIGABRT);
  CHECK(ending.says("the payload of main's panic panicked on drop"));
}

TEST_CASE("a runtime that cannot start says why and ends the process") {
  const Ending ending = run_in_child([] {
    Script script;
    script.answer("mmap", ENOMEM);
    std::_Exit(runtime::run([] {}));
  });
  CHECK(ending.signal == SIGABRT);
  CHECK(ending.says("the runtime cannot start: mmap of a signal stack: Cannot allocate memory"));
}

}  // namespace
}  // namespace heddle::tests
