// The runtime's own list of destructors, for a libc without one: in a program of its own, whose
// runtime was built with it.
#include <heddle/panic.hpp>
#include <heddle/sys/thread_local_destructor.hpp>
#include <heddle/thread.hpp>

#include <cerrno>
#include <csignal>
#include <functional>
#include <string>

#include "child_process.hpp"
#include "scripted_calls.hpp"
#include "support/catch.hpp"

namespace heddle::tests {
namespace {

std::string ran;  // what destructors ran, in their order; by one thread at a time

// Runs `action` at the calling thread's end.
void at_thread_end(std::function<void()> action) {
  sys::register_thread_local_destructor(new std::function<void()>(std::move(action)),
                                        [](void* object) {
                                          const std::unique_ptr<std::function<void()>> owned(
                                              static_cast<std::function<void()>*>(object));
                                          (*owned)();
                                        });
}

void noted_at_thread_end(char name) {
  at_thread_end([=] { ran += name; });
}

void on_new_thread(std::function<void()> body) {
  ran.clear();
  thread::spawn(std::move(body)).join().value();
}

TEST_CASE("the first destructor in the list runs first") {
  on_new_thread([] {
    for (const char name : {'a', 'b', 'c'}) {
      noted_at_thread_end(name);
    }
  });
  CHECK(ran == "abc");
}

TEST_CASE("destructors that are registered during the run come after all that were there") {
  on_new_thread([] {
    at_thread_end([] {
      ran += 'a';
      for (int i = 0; i < 100; ++i) {  // enough to move a list that were the same one
        noted_at_thread_end('n');
      }
    });
    noted_at_thread_end('b');
  });
  CHECK(ran == "ab" + std::string(100, 'n'));
}

TEST_CASE("the list is run until it is empty, however long the chain") {
  on_new_thread([] {
    static std::function<void(int)> link = [](int left) {
      ran += 'l';
      if (left > 1) {
        at_thread_end([=] { link(left - 1); });
      }
    };
    at_thread_end([] { link(20); });
  });
  CHECK(ran == std::string(20, 'l'));
}

TEST_CASE("each thread has a list of its own, of one key") {
  on_new_thread([] {
    noted_at_thread_end('o');
    on_new_thread([] { noted_at_thread_end('i'); });
    CHECK(ran == "i");
  });
  CHECK(ran == "io");
}

TEST_CASE("a registration that the system has no memory for is fatal") {
  const Ending ending = run_in_child([] {
    on_new_thread([] {});  // the key is there from here on
    Script script;
    script.answer("pthread_setspecific", ENOMEM);
    noted_at_thread_end('a');
  });
  CHECK(ending.signal == SIGABRT);
  CHECK(ending.says("heddle: fatal: the system has no memory to remember the destructors"));
}

}  // namespace
}  // namespace heddle::tests
