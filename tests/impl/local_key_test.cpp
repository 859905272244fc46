#include <heddle/panic.hpp>
#include <heddle/thread.hpp>

#include <atomic>
#include <csignal>
#include <map>
#include <memory>
#include <vector>

#include "child_process.hpp"
#include "quiet_panics.hpp"
#include "support/catch.hpp"

namespace heddle::tests {
namespace {

// Runs on a thread of its own, which has touched nothing yet.
template <class Body>
void on_new_thread(Body body) {
  thread::spawn(std::move(body)).join().value();
}

std::atomic<int> initialised = 0;
int counted(int value) {
  ++initialised;
  return value;
}

HEDDLE_THREAD_LOCAL(NUMBER, Cell<int>(counted(7)));
HEDDLE_THREAD_LOCAL(OWNED, Cell<std::unique_ptr<int>>(std::make_unique<int>(1)));
HEDDLE_THREAD_LOCAL(WORDS, RefCell<std::map<int, std::string>>());
HEDDLE_THREAD_LOCAL_CONST(DEPTH, Cell<int>(3));
HEDDLE_THREAD_LOCAL_CONST(COUNT, std::atomic<int>(5));
HEDDLE_THREAD_LOCAL_CONST(LIST, std::vector<int>());

TEST_CASE("a thread local is made once a thread, when it is first asked for") {
  initialised = 0;
  on_new_thread([] {
    CHECK(initialised == 0);
    CHECK(NUMBER.get() == 7);
    CHECK(NUMBER.get() == 7);
    CHECK(initialised == 1);
  });
  on_new_thread([] { CHECK(NUMBER.get() == 7); });
  CHECK(initialised == 2);
}

TEST_CASE("setting a thread local that was not made yet does not run its initialiser") {
  initialised = 0;
  on_new_thread([] {
    NUMBER.set(9);
    CHECK(NUMBER.get() == 9);
    NUMBER.set(10);
    CHECK(NUMBER.get() == 10);
  });
  CHECK(initialised == 0);
}

TEST_CASE("initialize_with gives back what it did not need") {
  on_new_thread([] {
    const auto left = [](int value) {
      return NUMBER.initialize_with(Cell<int>(value), [](Slot<Cell<int>> rest, Cell<int>& cell) {
        return std::pair(static_cast<bool>(rest), cell.get());
      });
    };
    CHECK(left(1) == std::pair(false, 1));
    CHECK(left(2) == std::pair(true, 1));
  });
}

TEST_CASE("a cell's value is replaced and taken whole") {
  on_new_thread([] {
    CHECK(*OWNED.replace(std::make_unique<int>(2)) == 1);
    CHECK(*OWNED.take() == 2);
    CHECK(OWNED.take() == nullptr);
    CHECK(NUMBER.take() == 7);
    CHECK(NUMBER.get() == 0);
  });
}

TEST_CASE("a constant thread local starts as the constant, and can be set") {
  on_new_thread([] {
    CHECK(DEPTH.get() == 3);
    DEPTH.set(4);
    CHECK(DEPTH.get() == 4);
    LIST.with([](std::vector<int>& list) { list.push_back(1); });
  });
  on_new_thread([] {
    CHECK(DEPTH.get() == 3);
    CHECK(LIST.with([](std::vector<int>& list) { return list.empty(); }));
  });
}

TEST_CASE("a constant thread local may be of a type that cannot be moved") {
  on_new_thread([] {
    COUNT.with([](std::atomic<int>& count) { ++count; });
    CHECK(COUNT.with([](std::atomic<int>& count) { return count.load(); }) == 6);
  });
}

TEST_CASE("a RefCell lends its value to many readers or to one writer") {
  const QuietPanics quiet;
  on_new_thread([] {
    WORDS.with_borrow_mut([](auto& words) { words[1] = "one"; });
    WORDS.with_borrow([](const auto& words) {
      CHECK(WORDS.with_borrow([](const auto& again) { return again.size(); }) == words.size());
      auto conflict = panic::catch_unwind([] { WORDS.set({}); });
      CHECK(*conflict.error().text() == "already borrowed");
    });
    WORDS.with_borrow_mut([](auto&) {
      auto conflict = panic::catch_unwind([] { WORDS.with_borrow([](const auto&) {}); });
      CHECK(*conflict.error().text() == "already mutably borrowed");
      auto second = panic::catch_unwind([] { WORDS.take(); });
      CHECK(*second.error().text() == "already borrowed");
    });
    CHECK(WORDS.take().at(1) == "one");
    CHECK(WORDS.with_borrow([](const auto& words) { return words.empty(); }));
  });
}

TEST_CASE("with hands on references that its function returns") {
  on_new_thread([] {
    int& depth = NUMBER.with([](Cell<int>& cell) -> int& { return *cell.as_ptr(); });
    depth = 11;
    CHECK(NUMBER.get() == 11);
  });
}

struct Holder {
  static HEDDLE_THREAD_LOCAL(MEMBER, Cell<int>(1));
};

TEST_CASE("thread locals are declared in functions and classes as well, each a variable") {
  static HEDDLE_THREAD_LOCAL(first, Cell<int>(1));
  static HEDDLE_THREAD_LOCAL(second, Cell<int>(1));
  on_new_thread([] {
    first.set(2);
    Holder::MEMBER.set(3);
    CHECK(second.get() == 1);
    CHECK(first.get() == 2);
    CHECK(Holder::MEMBER.get() == 3);
  });
}

HEDDLE_THREAD_LOCALS((static, LAZY, LISTED, (Cell<std::pair<int, int>>(std::pair<int, int>(1, 2)))),
                     (inline, CONST, LISTED_CONST, Cell<int>(3)),
                     (, OS, LISTED_OS, RefCell<std::map<int, int>>({{4, 5}, {6, 7}})));
HEDDLE_THREAD_LOCALS((, CONST, A0, 0), (, CONST, A1, 1), (, CONST, A2, 2), (, CONST, A3, 3),
                     (, CONST, A4, 4), (, CONST, A5, 5), (, CONST, A6, 6), (, CONST, A7, 7),
                     (, CONST, A8, 8), (, CONST, A9, 9), (, CONST, AA, 10), (, CONST, AB, 11),
                     (, CONST, AC, 12), (, CONST, AD, 13), (, CONST, AE, 14), (, CONST, AF, 15));

class Listing {
  HEDDLE_THREAD_LOCALS((static, LAZY, HIDDEN, Cell<int>(8)), (static, CONST, COUNT, Cell<int>(9)));

 public:
  static int sum() { return HIDDEN.get() + COUNT.get(); }
};

TEST_CASE("several thread locals are declared at once, each with a specifier and a kind") {
  on_new_thread([] {
    CHECK(LISTED.get() == std::pair(1, 2));
    CHECK(LISTED_CONST.get() == 3);
    CHECK(LISTED_OS.with_borrow([](const auto& map) { return map.at(6); }) == 7);
    CHECK(A0.with([](int number) { return number; }) == 0);
    CHECK(AF.with([](int number) { return number; }) == 15);
    CHECK(Listing::sum() == 17);
  });
}

struct PanicsWhenDestroyed {
  PanicsWhenDestroyed() = default;
  PanicsWhenDestroyed(PanicsWhenDestroyed&& other) noexcept
      : armed(std::exchange(other.armed, false)) {}
  PanicsWhenDestroyed& operator=(PanicsWhenDestroyed&&) = delete;
  ~PanicsWhenDestroyed() noexcept(false) {
    if (armed) {
      panic::panic("not like this");
    }
  }
  bool armed = true;
};
HEDDLE_THREAD_LOCAL(PANICS, PanicsWhenDestroyed());
HEDDLE_THREAD_LOCAL_CONST(PANICS_CONST, PanicsWhenDestroyed());

TEST_CASE("a panic out of a thread local's destructor is fatal, after its message") {
  const auto touch = [](const auto& key) {
    return run_in_child([&] {
      thread::Builder().name("spool").spawn([&] { key.with([](auto&) {}); }).value().join().value();
    });
  };
  for (const Ending& ending : {touch(PANICS), touch(PANICS_CONST)}) {
    CHECK(ending.signal == SIGABRT);
    CHECK(ending.says("panicked: not like this"));
    CHECK(ending.says("heddle: fatal: thread local panicked on drop"));
  }
}

// Asks for itself while it is destroyed.
bool refused = false;
std::string text_of_panic;
struct AsksForItself {
  bool armed = true;
  AsksForItself() = default;
  AsksForItself(AsksForItself&& other) noexcept : armed(std::exchange(other.armed, false)) {}
  AsksForItself& operator=(AsksForItself&&) = delete;
  ~AsksForItself();
};
HEDDLE_THREAD_LOCAL(ASKS, AsksForItself());

AsksForItself::~AsksForItself() {
  if (armed) {
    refused = ASKS.try_with([](AsksForItself&) {}).has_error();
    auto panicked = panic::catch_unwind([] { ASKS.with([](AsksForItself&) {}); });
    text_of_panic = *panicked.error().text();
  }
}

TEST_CASE("a thread local that is being destroyed is out of reach") {
  const QuietPanics quiet;
  refused = false;
  on_new_thread([] { ASKS.with([](AsksForItself&) {}); });
  CHECK(refused);
  CHECK(text_of_panic ==
        "cannot access a Thread Local Storage value during or after destruction: already "
        "destroyed");
  CHECK(thread::AccessError::message() == std::string("already destroyed"));
}

}  // namespace
}  // namespace heddle::tests
