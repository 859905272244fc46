#include <heddle/panic.hpp>
#include <heddle/thread.hpp>

#include <pthread.h>

#include <cerrno>
#include <vector>

#include "counts_drop.hpp"
#include "quiet_panics.hpp"
#include "scripted_calls.hpp"
#include "support/catch.hpp"

namespace heddle::tests {
namespace {

struct Refusal {
  Error error;
  int dropped_by_then;
};

// Spawns what must be refused. Could be fooled by a body that runs and dies: so it must not run.
Refusal refused_spawn(std::size_t stack_size = 100'001) {
  int dropped = 0;
  bool ran = false;
  auto handle =
      thread::Builder().stack_size(stack_size).spawn([&ran, witness = CountsDrop(dropped)] {
        ran = true;
      });
  const int dropped_by_then = dropped;
  REQUIRE(handle.has_error());
  CHECK_FALSE(ran);
  return {handle.error(), dropped_by_then};
}

TEST_CASE("a stack size that is taken only as whole pages is rounded up once") {
  Script script;
  script.answer("pthread_attr_setstacksize", EINVAL);
  // Above what any build needs at least: a sanitizer's thread-local storage raises that a lot.
  constexpr unsigned long page = 4096;
  constexpr unsigned long size = 2048 * page + 1;
  auto handle = thread::Builder().stack_size(size).spawn([] { return 1; });
  CHECK(script.calls("pthread_attr_setstacksize") == std::vector<unsigned long>{size, 2049 * page});
  const int value = std::move(handle).value().join().value();
  CHECK(value == 1);
}

TEST_CASE("a stack size that is refused twice is the caller's error") {
  Script script;
  script.answer("pthread_attr_setstacksize", EINVAL).answer("pthread_attr_setstacksize", EINVAL);
  const Refusal refusal = refused_spawn();
  CHECK(refusal.error.raw_os_error() == EINVAL);
  CHECK(refusal.error.call() == std::string("pthread_attr_setstacksize"));
  CHECK(refusal.dropped_by_then == 1);
  CHECK(script.calls("pthread_create").empty());
}

TEST_CASE("a stack size that is refused for another reason is not tried again") {
  Script script;
  script.answer("pthread_attr_setstacksize", ENOMEM);
  const Refusal refusal = refused_spawn();
  CHECK(refusal.error.raw_os_error() == ENOMEM);
  CHECK(refusal.dropped_by_then == 1);
  CHECK(script.calls("pthread_attr_setstacksize").size() == 1);
}

TEST_CASE("attributes that cannot be made are the caller's error, and are not destroyed") {
  Script script;
  script.answer("pthread_attr_init", ENOMEM);
  const Refusal refusal = refused_spawn();
  CHECK(refusal.error.raw_os_error() == ENOMEM);
  CHECK(refusal.dropped_by_then == 1);
  CHECK(script.calls("pthread_attr_destroy").empty());
}

TEST_CASE("a refused thread is the caller's error, and the body has been dropped once") {
  Script script;
  script.answer("pthread_create", EAGAIN);
  const Refusal refusal = refused_spawn();
  CHECK(refusal.error.raw_os_error() == EAGAIN);
  CHECK(refusal.error.message() ==
        "pthread_create: Resource temporarily unavailable (os error 11)");
  CHECK(refusal.dropped_by_then == 1);
}

TEST_CASE("attributes are destroyed once, whatever becomes of the thread") {
  Script script;
  SECTION("it runs") {
    thread::spawn([] {}).join().value();
  }
  SECTION("the stack size is refused") {
    script.answer("pthread_attr_setstacksize", ENOMEM);
    refused_spawn();
  }
  SECTION("the thread is refused") {
    script.answer("pthread_create", EPERM);
    refused_spawn();
  }
  CHECK(script.calls("pthread_attr_destroy").size() == 1);
}

TEST_CASE("attributes that cannot be destroyed do not matter") {
  Script script;
  script.answer("pthread_attr_destroy", EINVAL);
  CHECK(thread::spawn([] { return 2; }).join().value() == 2);
}

TEST_CASE("a stack that is too small to start on is made larger") {
  Script script;
  thread::Builder().stack_size(0).spawn([] {}).value().join().value();
  REQUIRE(script.calls("pthread_attr_setstacksize").size() == 1);
  CHECK(script.calls("pthread_attr_setstacksize").front() >= 16'384);
}

TEST_CASE("a dropped handle detaches, and a joined one does not") {
  Script script;
  SECTION("dropped") {
    {
      const auto handle = thread::spawn([] {});
    }
    CHECK(script.calls("pthread_detach").size() == 1);
  }
  SECTION("joined") {
    thread::spawn([] {}).join().value();
    CHECK(script.calls("pthread_detach").empty());
  }
}

TEST_CASE("a join that the system refuses panics on the joiner, with the error") {
  const QuietPanics quiet;
  Script script;
  auto handle = thread::spawn([] {});
  const auto native = handle.as_pthread_t();
  script.answer("pthread_join", ESRCH);
  auto result = panic::catch_unwind([&] { std::move(handle).join().value(); });
  REQUIRE(result.has_error());
  CHECK(*result.error().text() ==
        "failed to join thread: pthread_join: No such process (os error 3)");
  CHECK(script.calls("pthread_detach").empty());
  CHECK(pthread_join(native, nullptr) == 0);  // nobody has joined it
}

TEST_CASE("a detach that the system refuses is ignored") {
  Script script;
  script.answer("pthread_detach", ESRCH);
  pthread_t native{};
  {
    const auto handle = thread::spawn([] {});
    native = handle.as_pthread_t();
  }
  CHECK(script.calls("pthread_detach").size() == 1);
  CHECK(pthread_join(native, nullptr) == 0);
}

TEST_CASE("of several names and stack sizes, the last one that a builder is given counts") {
  Script script;
  constexpr std::size_t first = 4 << 20, last = 8 << 20;  // above the least, also a sanitizer's
  auto handle = thread::Builder()
                    .name("first")
                    .stack_size(first)
                    .name("last")
                    .stack_size(last)
                    .spawn([] {})
                    .value();
  CHECK(handle.thread().name() == "last");
  CHECK(script.calls("pthread_attr_setstacksize") == std::vector<unsigned long>{last});
  std::move(handle).join().value();
}

TEST_CASE("a name that the kernel refuses is the thread's nevertheless") {
  auto name = thread::Builder()
                  .name("weaver")
                  .spawn([] {
                    Script script;
                    script.answer("pthread_setname_np", ERANGE);
                    sys::NativeThread::set_name("another");
                    return script.calls("pthread_setname_np").size() == 1
                               ? std::string(thread::current().name().value_or("none"))
                               : "not called";
                  })
                  .value()
                  .join()
                  .value();
  CHECK(name == "weaver");
}

TEST_CASE("yielding is one call, whose failure is ignored") {
  Script script;
  script.answer("sched_yield", ENOSYS);
  thread::yield_now();
  CHECK(script.calls("sched_yield").size() == 1);
}

}  // namespace
}  // namespace heddle::tests
