// What a program may do with the runtime without locks or atomics of its own. Run under Helgrind:
// every access of plain memory below is ordered by the runtime alone, except in `forgets_to_wait`.
//
//   helgrind_program [SCENARIO]     without a name, all but `forgets_to_wait`
#include <heddle/io.hpp>
#include <heddle/panic.hpp>
#include <heddle/runtime.hpp>
#include <heddle/thread.hpp>

#include <chrono>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace {

using namespace heddle;

constexpr int threads = 4;
constexpr auto a_while = std::chrono::milliseconds(50);

// Memory that threads reach in turn. On the heap, so that Helgrind follows it from its beginning.
using Shared = std::shared_ptr<int>;
Shared shared_number() {
  return std::make_shared<int>(0);
}

// What the first spawn remembers is asked by two threads at once. Comes before all other scenarios.
void foreign_threads_start_the_first_threads() {
  const auto spawn_one = [] {
    thread::sleep(a_while);
    thread::spawn([] {}).join().value();
  };
  std::thread one(spawn_one);
  std::thread other(spawn_one);
  one.join();
  other.join();
}

void a_spawn_and_a_join_hand_over() {
  const Shared number = shared_number();
  *number = 1;
  auto handle = thread::spawn([number] { return std::to_string(++*number); });
  *number += static_cast<int>(std::move(handle).join().value().size());
}

// The last owner of a result may be the thread, or whoever drops the handle.
void an_unclaimed_result_dies_once() {
  for (int round = 0; round < threads; ++round) {
    auto handle = thread::spawn([] { return std::string(100, 'x'); });
    while (round % 2 == 0 && !handle.is_finished()) {
      thread::yield_now();
    }
  }
}

void a_scope_waits() {
  std::vector<int> numbers(threads);
  int sum = 0;
  thread::scope([&](const thread::Scope& scope) {
    for (int& number : numbers) {
      scope.spawn([&] {
        // The scope waits for a thread's threads as well, and for those whose handle is long gone.
        scope.spawn([&] {
          thread::sleep(a_while);
          number += 1;
        });
      });
    }
  });
  for (const int number : numbers) {
    sum += number;
  }
  std::printf("%d threads wrote\n", sum);
}

void a_scope_learns_of_panics() {
  const auto caught = panic::catch_unwind([] {
    thread::scope([](const thread::Scope& scope) {
      for (int count = 0; count < threads; ++count) {
        scope.spawn([] { panic::panic("in a scope"); });
      }
    });
  });
  std::printf("the scope panicked: %d\n", caught.has_error() ? 1 : 0);
}

// Hands a number to a thread that waits by `wait`, before and after it waits.
template <class Wait>
void hand_over_by_token(Wait wait) {
  for (const bool early : {true, false}) {
    const Shared number = shared_number();
    auto handle = thread::spawn([=] {
      thread::sleep(early ? a_while : a_while * 0);
      wait();
      *number += 1;
    });
    thread::sleep(early ? a_while * 0 : a_while);
    *number = 1;
    handle.thread().unpark();
    std::move(handle).join().value();
  }
}

void a_token_hands_over() {
  hand_over_by_token(thread::park);
}

void a_token_hands_over_in_time() {
  hand_over_by_token([] { thread::park_timeout(std::chrono::minutes(1)); });
}

// On new threads, since a scope may have left the main thread a token.
void threads_play_ping_pong() {
  const auto game = [] {
    const Shared number = shared_number();
    const thread::Thread first = thread::current();
    auto second = thread::spawn([number, first] {
      for (int turn = 0; turn < threads; ++turn) {
        thread::park();
        *number += 1;
        first.unpark();
      }
    });
    for (int turn = 0; turn < threads; ++turn) {
      *number += 1;
      second.thread().unpark();
      thread::park();
    }
    std::move(second).join().value();
  };
  thread::spawn(game).join().value();
}

// Each begins when the others have been started: otherwise the start of one may come after the end
// of another, which would order them.
template <class Body>
void on_several_threads(Body body) {
  thread::scope([&](const thread::Scope& scope) {
    for (int count = 0; count < threads; ++count) {
      scope.spawn([body] {
        thread::sleep(a_while);
        body();
      });
    }
  });
}

HEDDLE_THREAD_LOCAL(LAZY, RefCell<std::string>("lazy"));
HEDDLE_THREAD_LOCAL_OS(OVER_KEY, RefCell<std::string>("over a key"));
void thread_locals_are_made_at_once() {
  on_several_threads([] {
    LAZY.with_borrow_mut([](std::string& text) { text += "!"; });
    OVER_KEY.with_borrow_mut([](std::string& text) { text += "!"; });
  });
}

void hooks_change_while_threads_panic() {
  on_several_threads([] {
    panic::set_hook([text = std::string(100, 'x')](const panic::PanicInfo& /*info*/) {});
    static_cast<void>(panic::catch_unwind([] { panic::panic("caught"); }));
  });
  static_cast<void>(panic::take_hook());
}

void threads_share_a_sink() {
  const auto sink = std::make_shared<io::Sink>();
  const auto previous = io::set_output_capture(sink);
  on_several_threads([] {
    io::print("printed");
    static_cast<void>(panic::catch_unwind([] { panic::panic("reported by the default hook"); }));
  });
  io::set_output_capture(previous);
  std::printf("the sink has %zu bytes\n", sink->text().size());
}

void threads_start_threads() {
  on_several_threads([] {
    auto named = thread::Builder().name("named").spawn([] { return thread::current().id(); });
    static_cast<void>(std::move(named).value().join().value());
  });
}

// A join would do. That the thread is finished makes nothing visible.
void forgets_to_wait() {
  const Shared number = shared_number();
  auto handle = thread::spawn([number = number.get()] { *number = 1; });
  while (!handle.is_finished()) {
    thread::yield_now();
  }
  std::printf("read without a join: %d\n", *number);
  std::move(handle).join().value();
}

struct Scenario {
  std::string_view name;
  void (*run)();
};

constexpr Scenario scenarios[] = {
    {"foreign_threads_start_the_first_threads", foreign_threads_start_the_first_threads},
    {"a_spawn_and_a_join_hand_over", a_spawn_and_a_join_hand_over},
    {"an_unclaimed_result_dies_once", an_unclaimed_result_dies_once},
    {"a_scope_waits", a_scope_waits},
    {"a_scope_learns_of_panics", a_scope_learns_of_panics},
    {"a_token_hands_over", a_token_hands_over},
    {"a_token_hands_over_in_time", a_token_hands_over_in_time},
    {"threads_play_ping_pong", threads_play_ping_pong},
    {"thread_locals_are_made_at_once", thread_locals_are_made_at_once},
    {"hooks_change_while_threads_panic", hooks_change_while_threads_panic},
    {"threads_share_a_sink", threads_share_a_sink},
    {"threads_start_threads", threads_start_threads},
};

int run(std::string_view wanted) {
  if (wanted == "forgets_to_wait") {
    forgets_to_wait();
    return 0;
  }
  int ran = 0;
  for (const Scenario& scenario : scenarios) {
    if (wanted.empty() || wanted == scenario.name) {
      scenario.run();
      ran += 1;
    }
  }
  return ran == 0 ? 2 : 0;
}

}  // namespace

int main(int count, char** arguments) {
  return heddle::runtime::run([=] { return run(count > 1 ? arguments[1] : ""); });
}
