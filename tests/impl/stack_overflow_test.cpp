// Overflows and other faults, each in a process of its own.
#include <heddle/runtime.hpp>
#include <heddle/thread.hpp>

#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <thread>

#include "allocation_ban.hpp"
#include "child_process.hpp"
#include "overflow_stack.hpp"
#include "scripted_calls.hpp"
#include "started_runtime.hpp"
#include "support/catch.hpp"

namespace heddle::tests {
namespace {

struct OverflowsOnDrop {
  bool armed = true;
  OverflowsOnDrop() = default;
  OverflowsOnDrop(OverflowsOnDrop&& other) noexcept : armed(std::exchange(other.armed, false)) {}
  OverflowsOnDrop& operator=(OverflowsOnDrop&&) = delete;
  ~OverflowsOnDrop() {
    if (armed) {
      overflow_stack();
    }
  }
};

void touch_null_page() {
  *reinterpret_cast<volatile char*>(16) = 1;  // NOLINT(performance-no-int-to-ptr)
}

TEST_CASE("an overflow of a thread's stack is reported with the thread's name") {
  const Ending ending = run_in_child([] {
    start_runtime();
    thread::Builder().name("weaver").spawn([] { overflow_stack(); }).value().join().value();
  });
  CHECK(ending.signal == SIGABRT);
  CHECK(ending.standard_error ==
        "\nthread 'weaver' has overflowed its stack\nheddle: fatal: stack overflow\n");
}

// A name of more than a string keeps in itself, so that a copy of it would be allocated.
TEST_CASE("an overflow is reported without an allocation") {
  const Ending ending = run_in_child([] {
    start_runtime();
    auto overflows = thread::Builder().name("the weaver with the long name").spawn([] {
      ban_allocations();
      overflow_stack();
    });
    std::move(overflows).value().join().value();
  });
  CHECK(ending.signal == SIGABRT);
  CHECK(ending.says("thread 'the weaver with the long name' has overflowed its stack"));
}

TEST_CASE("an overflow of a thread without a name says so") {
  const Ending ending = run_in_child([] {
    start_runtime();
    thread::spawn([] { overflow_stack(); }).join().value();
  });
  CHECK(ending.signal == SIGABRT);
  CHECK(ending.says("thread '<unknown>' has overflowed its stack"));
}

TEST_CASE("an overflow of the main thread's stack is reported") {
  const Ending ending = run_in_child([] {
    start_runtime();
    overflow_stack();
  });
  CHECK(ending.signal == SIGABRT);
  CHECK(ending.says("thread 'main' has overflowed its stack"));
}

TEST_CASE("the main thread's guard is a page, also when the limit of its stack is none") {
  const Ending ending = run_in_child([] {
    rlimit limits{};
    getrlimit(RLIMIT_STACK, &limits);
    limits.rlim_cur = 1'000'001;
    setrlimit(RLIMIT_STACK, &limits);
    start_runtime();
    const auto guard = thread::stack_guard();
    const auto page = static_cast<std::uintptr_t>(sysconf(_SC_PAGESIZE));
    require_in_child(guard.has_value(), "there is a guard");
    require_in_child(guard->begin % page == 0 && guard->end - guard->begin == page, "it is a page");
    overflow_stack();
  });
  CHECK(ending.exit_status == 0);
  CHECK(ending.says("thread 'main' has overflowed its stack"));
}

TEST_CASE("an overflow while the body's captures are dropped is reported") {
  const Ending ending = run_in_child([] {
    start_runtime();
    thread::Builder()
        .name("weaver")
        .spawn([captured = OverflowsOnDrop()] {})
        .value()
        .join()
        .value();
  });
  CHECK(ending.signal == SIGABRT);
  CHECK(ending.says("thread 'weaver' has overflowed its stack"));
}

TEST_CASE("an overflow while thread locals are dropped is a plain fault") {
  const Ending ending = run_in_child([] {
    start_runtime();
    thread::spawn([] {
      HEDDLE_THREAD_LOCAL(static LAST, OverflowsOnDrop());
      LAST.with([](OverflowsOnDrop&) {});
    })
        .join()
        .value();
  });
  CHECK(ending.signal == SIGSEGV);
  CHECK(ending.standard_error.empty());
}

TEST_CASE("large frames do not step over the guard") {
  const Ending ending = run_in_child([] {
    start_runtime();
    thread::spawn([] { overflow_stack<std::size_t{1024} * 1024>(); }).join().value();
  });
  CHECK(ending.signal == SIGABRT);
  CHECK(ending.says("has overflowed its stack"));
}

TEST_CASE("a fault elsewhere is a plain fault") {
  const Ending on_main = run_in_child([] {
    start_runtime();
    touch_null_page();
  });
  CHECK(on_main.signal == SIGSEGV);
  CHECK(on_main.standard_error.empty());

  const Ending on_thread = run_in_child([] {
    start_runtime();
    thread::spawn([] { touch_null_page(); }).join().value();
  });
  CHECK(on_thread.signal == SIGSEGV);
  CHECK(on_thread.standard_error.empty());
}

TEST_CASE("another thread's guard is none of one's own") {
  const Ending ending = run_in_child([] {
    start_runtime();
    const std::uintptr_t other = thread::stack_guard()->begin;
    thread::spawn([=] {
      *reinterpret_cast<volatile char*>(other) = 1;  // NOLINT(performance-no-int-to-ptr)
    })
        .join()
        .value();
  });
  CHECK(ending.signal == SIGSEGV);
  CHECK(ending.standard_error.empty());
}

TEST_CASE("an overflow of a thread that the runtime did not start is a plain fault") {
  const Ending ending = run_in_child([] {
    start_runtime();
    std::thread([] { overflow_stack(); }).join();
  });
  CHECK(ending.signal == SIGSEGV);
  CHECK(ending.standard_error.empty());
}

TEST_CASE("before the runtime is started an overflow is a plain fault") {
  const Ending ending =
      run_in_child([] { thread::spawn([] { overflow_stack(); }).join().value(); });
  CHECK(ending.signal == SIGSEGV);
  CHECK(ending.standard_error.empty());
}

TEST_CASE("before the runtime is started a thread has no guard, and no signal stack") {
  if (sanitized) {
    return;
  }
  check_success(run_in_child([] {
    thread::spawn([] {
      require_in_child(!thread::stack_guard(), "it has no guard");
      require_in_child(signal_stack() == nullptr, "it has no signal stack");
    })
        .join()
        .value();
  }));
}

TEST_CASE("after cleanup a new thread has no guard, and no signal stack") {
  if (sanitized) {
    return;
  }
  check_success(run_in_child([] {
    start_runtime();
    runtime::cleanup();
    thread::spawn([] {
      require_in_child(!thread::stack_guard(), "it has no guard");
      require_in_child(signal_stack() == nullptr, "it has no signal stack");
    })
        .join()
        .value();
  }));
}

TEST_CASE("after cleanup an overflow is a plain fault") {
  const Ending ending = run_in_child([] {
    start_runtime();
    runtime::cleanup();
    overflow_stack();
  });
  CHECK(ending.signal == SIGSEGV);
  CHECK(ending.standard_error.empty());
}

TEST_CASE("a signal that somebody sends is no overflow, and the second one kills") {
  const Ending ending = run_in_child([] {
    start_runtime();
    std::raise(SIGSEGV);
    require_in_child(write(STDERR_FILENO, "alive", 5) == 5, "standard error can be written to");
    std::raise(SIGSEGV);
  });
  CHECK(ending.signal == SIGSEGV);
  CHECK(ending.standard_error == "alive");
}

TEST_CASE("a thread whose stack libc does not know overflows in a plain fault") {
  const Ending ending = run_in_child([] {
    Script script;
    script.answer("pthread_getattr_np", ENOMEM);
    start_runtime();
    require_in_child(!thread::stack_guard(), "there is no guard");
    overflow_stack();
  });
  CHECK(ending.signal == SIGSEGV);
  CHECK(ending.standard_error.empty());
}

}  // namespace
}  // namespace heddle::tests
