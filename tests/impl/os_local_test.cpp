#include <heddle/panic.hpp>
#include <heddle/thread.hpp>

#include <cerrno>
#include <memory>
#include <string>

#include "counts_drop.hpp"
#include "scripted_calls.hpp"
#include "support/catch.hpp"

namespace heddle::tests {
namespace {

template <class Body>
void on_new_thread(Body body) {
  thread::spawn(std::move(body)).join().value();
}

HEDDLE_THREAD_LOCAL_OS(NUMBER, Cell<int>(7));
HEDDLE_THREAD_LOCAL_OS(WORDS, RefCell<std::string>("first"));

TEST_CASE("a thread local over a key is used like any other") {
  on_new_thread([] {
    CHECK(NUMBER.get() == 7);
    CHECK(NUMBER.replace(8) == 7);
    WORDS.set("second");  // does not run the initialiser
    WORDS.with_borrow_mut([](std::string& words) { words += " third"; });
    CHECK(WORDS.take() == "second third");
  });
  on_new_thread([] { CHECK(NUMBER.get() == 7); });
}

int drops = 0;
HEDDLE_THREAD_LOCAL_OS(COUNTED, CountsDrop(drops));

TEST_CASE("a value over a key dies with its thread") {
  drops = 0;
  on_new_thread([] {
    COUNTED.with([](CountsDrop&) {});
    CHECK(drops == 0);
  });
  CHECK(drops == 1);
}

// What its destructor finds under its own key, and makes anew afterwards.
struct Sentinel {
  int number;
  explicit Sentinel(int its_number) noexcept : number(its_number) {}
  Sentinel(Sentinel&& other) noexcept : number(std::exchange(other.number, 0)) {}
  Sentinel& operator=(Sentinel&&) = delete;
  ~Sentinel();
};
int made = 0;
int refused = 0;
HEDDLE_THREAD_LOCAL_OS(WATCHED, Sentinel(++made));

Sentinel::~Sentinel() {
  if (number != 0) {
    refused += WATCHED.try_with([](Sentinel&) {}).has_error() ? 1 : 0;
  }
}

TEST_CASE("while a value over a key is destroyed, there is no access, and none is made") {
  made = refused = 0;
  on_new_thread([] { WATCHED.with([](Sentinel&) {}); });
  CHECK(made == 1);
  CHECK(refused == 1);
}

TEST_CASE("a value over a key that died is made anew by a later destructor, and dies too") {
  made = refused = 0;
  static bool second_round = false;
  static const thread::Key later([](void* pointer) {
    if (std::exchange(second_round, true)) {
      WATCHED.with([](Sentinel&) {});
    } else {
      later.set(pointer);  // to be called again, when the value is dead by all means
    }
  });
  on_new_thread([] {
    WATCHED.with([](Sentinel&) {});
    later.set(&made);
  });
  CHECK(made == 2);
  CHECK(refused == 2);
}

HEDDLE_THREAD_LOCAL_OS(FORGOTTEN, Cell<int>(++made));

TEST_CASE("where a key cannot be set, the value is found once and not remembered") {
  made = 0;
  static Cell<int>* forgotten = nullptr;  // still reachable, so that no tool calls it leaked
  on_new_thread([] {
    Script script;
    script.answer("pthread_setspecific", ENOMEM);
    FORGOTTEN.with([](Cell<int>& value) { forgotten = &value; });
    CHECK(FORGOTTEN.get() == 2);
    CHECK(FORGOTTEN.get() == 2);
  });
  CHECK(forgotten->get() == 1);
}

TEST_CASE("a thread ends although libc cannot take the mark of destruction back") {
  made = 0;
  on_new_thread([] {
    FORGOTTEN.get();
    // The value has been set. What follows is its end: the mark, and its removal.
    static Script script;
    script.pass("pthread_setspecific").answer("pthread_setspecific", ENOMEM);
  });
  CHECK(made == 1);
}

}  // namespace
}  // namespace heddle::tests
