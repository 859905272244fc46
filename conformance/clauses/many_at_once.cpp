// Many threads that are alive at the same time: lists, pools and counts of a runtime have edges
// that a few threads never reach.
#include <fmt/format.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "clauses/late_thread.hpp"
#include "clauses/process_resources.hpp"
#include "stage/stage.hpp"
#include "stage/system_call.hpp"

namespace heddle::conformance {
namespace {

constexpr std::uint32_t many = 200;

// Returns texts that stay until the process ends: what spawn is given as a name must be static.
const std::vector<std::string>& names() {
  static const std::vector<std::string>& texts = *[] {
    auto* const made = new std::vector<std::string>;
    for (std::uint32_t number = 0; number < many; ++number) {
      made->push_back(fmt::format("weaver {}", number));
    }
    return made;
  }();
  return texts;
}

// Returns one value a thread, for its result or whatever else it is told apart by.
std::vector<Value> values_for_all(std::string_view name) {
  std::vector<Value> values;
  for (std::uint32_t number = 0; number < many; ++number) {
    values.push_back(value(fmt::format("{} {}", name, number)));
  }
  return values;
}

const auto results_of_many =
    clause("JOIN-350")
        .must("Each of many threads that are alive at once hands its own value to its joiner.")
        .source(
            "heddle/subject.h, heddle_spawning.join; "
            "Rust documentation, std::thread::JoinHandle::join",
            "Eats the join handle and waits for the thread. RETURNED: `value` is the body's "
            "cookie.")
        .needs({Feature::spawn, Feature::join, Feature::thread_values})
        .example([] {
          const Barrier all_alive(many);
          const std::vector<Value> results = values_for_all("result");
          std::vector<JoinHandle> threads;
          for (const Value result : results) {
            threads.push_back(spawn([=] {
              all_alive.wait();
              return returns(result);
            }));
          }
          for (std::uint32_t number = many; number-- > 0;) {
            expect(join(threads[number]), returned(results[number]));
          }
        });

const auto names_of_many =
    clause("SPAWN-350")
        .must("Each of many threads that are alive at once has the name that it was given.")
        .source(
            "heddle/subject.h, HEDDLE_TAKES_NAME; "
            "Rust documentation, std::thread::Builder::name",
            "The builder honours HEDDLE_SETTING_NAME; without it spawn is never asked for a name.")
        .needs({Feature::names, Feature::join})
        .example([] {
          const Barrier all_alive(many);
          std::vector<JoinHandle> threads;
          for (const std::string& name : names()) {
            const Closure body = closure("body", [=, &name] {
              all_alive.wait();
              expect_equal(own_name().value_or("none"), name, "the thread's name");
              return returns();
            });
            threads.push_back(spawn(body, {.name = name}));
          }
          for (const JoinHandle thread : threads) {
            expect(join(thread), returned());
          }
        });

const auto tokens_of_many =
    clause("PARK-350")
        .must("Of many threads that park at once, each is ended by its own unpark.")
        .source(
            "Rust documentation, std::thread::park; "
            "Rust documentation, std::thread::Thread::unpark",
            "Every thread is equipped with some basic low-level blocking support, via the "
            "thread::park function and thread::Thread::unpark method.")
        .needs({Feature::park, Feature::thread_handle, Feature::spawn, Feature::join})
        .example([] {
          const Counter about_to_park;
          const SharedNumber<pid_t> last;
          std::vector<SharedNumber<void*>> handles(many);
          std::vector<Signal> unparked(many);
          std::vector<JoinHandle> threads;
          for (std::uint32_t number = 0; number < many; ++number) {
            const auto own_handle = handles[number];
            const auto returned_already = unparked[number];
            threads.push_back(spawn([=] {
              own_handle.set(current_thread().handle);
              last.set(kernel_thread_id());
              about_to_park.add();
              park();
              returned_already.set();
              return returns();
            }));
            while (about_to_park.get() <= number) {
              static_cast<void>(system_call(SYS_sched_yield));  // cannot fail on Linux
            }
          }
          let_block(last.get());
          // From the last to the first, since a queue would wake the first.
          for (std::uint32_t number = many; number-- > 0;) {
            const ThreadHandle handle{handles[number].get()};
            unpark(handle);
            unparked[number].wait();  // hangs if the token has gone to another thread
            drop(handle);
          }
          for (const JoinHandle thread : threads) {
            expect(join(thread), returned());
          }
        });

const auto scope_of_many =
    clause("SCOPE-350")
        .must("A scope returns after all its threads, even when hundreds are alive at once.")
        .source(
            "heddle/subject.h, heddle_scopes.scope; "
            "Rust documentation, std::thread::scope",
            "Runs the body with the scope as `argument`, then waits for every thread spawned in "
            "it.")
        .needs({Feature::scope, Feature::scope_drop})
        .example([] {
          constexpr std::uint32_t threads = 256;  // none, for a count in a byte
          const pid_t owner = kernel_thread_id();
          const Signal ended;
          const Outcome outcome = scope(closure("scope's body", [=](Scope inside) {
            for (std::uint32_t number = 1; number < threads; ++number) {
              detach(spawn(inside, closure("scoped", [=] {
                             ended.wait();
                             return returns();
                           })));
            }
            detach(spawn(inside, late(owner, ended)));
            return returns();
          }));
          expect(outcome, returned());
          expect_ended(ended);
        });

void plain_body(heddle_cookie /*env*/, void* /*argument*/, heddle_outcome* /*out*/) {}

// Where the threads of one round wait for each other. Futex words of the suite's own, so that a
// round allocates nothing.
std::atomic<std::uint32_t> alive = 0;
std::atomic<std::uint32_t> released = 0;

void body_that_waits_for_all(heddle_cookie /*env*/, void* /*argument*/, heddle_outcome* /*out*/) {
  alive.fetch_add(1, std::memory_order_relaxed);
  while (released.load(std::memory_order_acquire) == 0) {
    futex_wait(released, 0);
  }
}

void* started(heddle_body body) {
  heddle_outcome spawned{};
  subject().spawning->spawn(nullptr, body, 0, &spawned);
  if (spawned.tag != HEDDLE_RETURNED) {
    internal_error("the machine refused a thread; run with fewer jobs or more memory");
  }
  return spawned.handle;
}

void join_raw(void* thread) {
  heddle_outcome joined{};
  subject().spawning->join(thread, &joined);
}

// Has many threads alive at once, and joins them.
void live_and_end_together() {
  static std::array<void*, many> threads;
  alive.store(0, std::memory_order_relaxed);
  released.store(0, std::memory_order_relaxed);
  for (void*& thread : threads) {
    thread = started(body_that_waits_for_all);
  }
  while (alive.load(std::memory_order_relaxed) < many) {
    static_cast<void>(system_call(SYS_sched_yield));  // cannot fail on Linux
  }
  released.store(1, std::memory_order_release);
  futex_wake_all(released);
  for (void* const thread : threads) {
    join_raw(thread);
  }
}

constexpr std::string_view sources_of_join =
    "Rust 1.63, library/std/src/thread/mod.rs: JoinInner::join; "
    "Rust 1.95, library/std/src/thread/lifecycle.rs: JoinInner::join; "
    "POSIX.1-2017, pthread_join";

const auto memory_of_one_after_another =
    clause("SPAWN-351")
        .should("Threads that have been joined leave no memory mapped.")
        .source(sources_of_join)
        .needs({Feature::spawn, Feature::join, Feature::kernel_threads})
        .example([] {
          expect_pages_come_back(counted_rounds, 1, [] { join_raw(started(plain_body)); });
        });

constexpr int rounds_of_many = 2;

const auto memory_of_many =
    clause("SPAWN-352")
        .should("Many threads that were alive at once and have been joined leave no memory mapped.")
        .source(sources_of_join)
        .needs({Feature::spawn, Feature::join, Feature::kernel_threads})
        .example([] { expect_pages_come_back(rounds_of_many, many / 2, live_and_end_together); });

const auto signal_stacks_of_many =
    clause("STACK-350")
        .profile(everywhere,
                 "Many threads that were alive at once and have ended leave no signal stacks "
                 "mapped but those that are kept for the next threads.")
        .source(
            "Rust 1.63, library/std/src/sys/unix/stack_overflow.rs: drop_handler; "
            "Rust 1.95, library/std/src/sys/pal/unix/stack_overflow.rs: drop_handler; "
            "impl/README.md, Where it departs from Rust, and why")
        .needs({Feature::spawn, Feature::join, Feature::overflow_report})
        .example([] {
          start_runtime();
          expect_pages_come_back(rounds_of_many, many / 2, live_and_end_together);
        });

}  // namespace
}  // namespace heddle::conformance
