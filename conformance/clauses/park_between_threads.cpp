// Parking in its common use: threads wait for one another.
#include <cerrno>
#include <ctime>
#include <memory>
#include <vector>

#include "clauses/surplus_token.hpp"
#include "clauses/unordered_wait.hpp"
#include "stage/stage.hpp"
#include "stage/system_call.hpp"

namespace heddle::conformance {
namespace {

// Citations of more than one clause.
constexpr std::string_view sources_of_parking =
    "Rust documentation, std::thread::park; "
    "Rust 1.63, library/std/src/sys_common/thread_parker/futex.rs: Parker; "
    "Rust 1.95, library/std/src/sys/sync/thread_parking/futex.rs: Parker";

// A baton goes round a ring of threads; a thread without the baton parks. The baton itself orders
// no memory: the runtime must make it visible by the unpark.
void pass_a_baton(std::uint32_t threads, std::uint64_t rounds) {
  struct Member {
    Signal known;
    ThreadHandle thread;
  };
  const Counter baton;
  const auto ring = std::make_shared<std::vector<Member>>(threads);
  std::vector<JoinHandle> handles;
  for (std::uint32_t number = 0; number < threads; ++number) {
    handles.push_back(spawn([=] {
      Member& own = (*ring)[number];
      const Member& next = (*ring)[(number + 1) % threads];
      own.thread = current_thread();
      own.known.set();
      next.known.wait();
      for (std::uint64_t round = 0; round < rounds; ++round) {
        while (baton.get() % threads != number) {
          park();
        }
        baton.add();
        unpark(next.thread);
      }
      return returns();
    }));
  }
  for (const JoinHandle handle : handles) {
    expect(join(handle), returned());
  }
  for (const Member& member : *ring) {
    drop(member.thread);
  }
}

const auto baton_goes_round =
    clause("PARK-109")
        .must("Threads that hand a baton round with park and unpark all get it: no wake is lost.")
        .source(sources_of_parking,
                "The thread::park function blocks the current thread unless or until the token is "
                "available for its thread handle, at which point it atomically consumes the token.")
        .needs({Feature::park, Feature::thread_handle, Feature::spawn, Feature::join})
        .example([] {
          pass_a_baton(2, 200);
          pass_a_baton(4, 50);
        });

const auto baton_goes_round_despite_signals =
    clause("PARK-313")
        .must("No wake is lost between threads whose futex waits are interrupted now and then.")
        .source(
            "Rust documentation, std::thread::park; "
            "futex(2)",
            "It may also return spuriously, without consuming the token.")
        .needs({Feature::park, Feature::thread_handle, Feature::spawn, Feature::join})
        .fault({.call = HEDDLE_INJECT_FUTEX_WAIT,
                .error = EINTR,
                .first = 1,
                .last = 1'000'000,
                .step = 2})
        .example([] { armed([] { pass_a_baton(3, 50); }); });

const auto baton_goes_round_despite_early_wakes =
    clause("PARK-314")
        .must("No wake is lost between threads whose futex waits end early now and then.")
        .source(
            "Rust documentation, std::thread::park; "
            "futex(2)",
            "It may also return spuriously, without consuming the token.")
        .needs({Feature::park, Feature::thread_handle, Feature::spawn, Feature::join})
        .fault({.call = HEDDLE_INJECT_FUTEX_WAIT,
                .action = HEDDLE_INJECT_SPURIOUS,
                .first = 1,
                .last = 1'000'000,
                .step = 2})
        .example([] { armed([] { pass_a_baton(3, 50); }); });

// Sleeps until the timer wakes this thread. On one processor, the running thread is then
// interrupted at any point. A thread that another thread wakes would instead take over always at
// the same point, the other's system call.
void sleep_a_little() {
  const timespec shortest{.tv_sec = 0, .tv_nsec = 1};
  // EINTR: a shorter sleep will do. There is no other error.
  static_cast<void>(system_call(SYS_nanosleep, reinterpret_cast<long>(&shortest)));
}

// The receiver's waits end at once, so the unparks fall into everything that it does between two
// waits, even with one processor for both. The giver sleeps. So does the receiver in the end, if an
// unpark is lost: the early wake-ups are many, but not endless.
const auto tokens_arrive_between_waits =
    clause("PARK-329")
        .must("No unpark is lost on a thread whose futex waits end at once, for no reason.")
        .source(
            "Rust documentation, std::thread::park; "
            "futex(2)",
            "It may also return spuriously, without consuming the token.")
        .needs({Feature::park, Feature::thread_handle, Feature::spawn, Feature::join})
        .fault(wakes_spuriously(1'000'000))
        .example([] {
          constexpr std::uint64_t rounds = 500;
          const ThreadHandle receiver = current_thread();
          const Counter given;
          const auto taken = std::make_shared<std::vector<Signal>>(rounds + 1);
          const JoinHandle giver = spawn([=] {
            for (std::uint64_t round = 1; round <= rounds; ++round) {
              sleep_a_little();
              given.set(round);
              unpark(receiver);
              (*taken)[round].wait();
            }
            return returns();
          });
          armed([=] {
            for (std::uint64_t round = 1; round <= rounds; ++round) {
              while (given.get() < round) {
                park();
              }
              (*taken)[round].set();
            }
          });
          expect(join(giver), returned());
          drop(receiver);
        });

const auto handles_outlive_threads =
    clause("PARK-108")
        .must("unpark is harmless while its thread ends, and after it has ended.")
        .source(
            "heddle/subject.h, rule 4; "
            "Rust documentation, std::thread::Thread::unpark",
            "A handle that comes out is one reference, the suite's to give back.")
        .needs({Feature::park, Feature::thread_handle, Feature::handle_thread, Feature::spawn,
                Feature::join})
        .example([] {
          for (int round = 0; round < 100; ++round) {
            const JoinHandle ending = spawn([] { return returns(); });
            const ThreadHandle thread = thread_of(ending);
            unpark(thread);
            unpark(thread);
            expect(join(ending), returned());
            unpark(thread);
            drop(thread);
          }
        });

// Two threads each write a plain word and then unpark. A counter that orders no memory gives them
// their turns. They begin when both are spawned: only the unparks may order the writes before the
// reads, and not what spawn does at its end.
const auto unparks_publish =
    clause("PARK-105")
        .must(
            "What threads did before their unparks is seen after the park that consumes "
            "the token, including what was done before an unpark that found the token "
            "already there.")
        .source(
            sources_of_parking,
            "Calls to unpark synchronize-with calls to park, meaning that memory operations "
            "performed before a call to unpark are made visible to the thread that consumes the "
            "token and returns from park. Note that all park and unpark operations for a given "
            "thread form a total order and all prior unpark operations synchronize-with park.")
        .needs({Feature::park, Feature::park_timeout, Feature::thread_handle, Feature::spawn,
                Feature::join, Feature::thread_sanitizer})
        .example([] {
          excuse_unless_it_waits();  // a park that returns for no reason orders no memory
          struct Words {
            std::uint64_t first = 0, second = 0;
          };
          auto* const words = new Words;  // never freed: free() might order memory, too
          const Counter turn;
          const ThreadHandle self = current_thread();
          const JoinHandle first = spawn([=] {
            wait_unordered(turn, 1);
            words->first = 1;
            unpark(self);
            turn.add();
            return returns();
          });
          const JoinHandle second = spawn([=] {
            wait_unordered(turn, 2);
            words->second = 2;
            unpark(self);
            turn.add();
            return returns();
          });
          turn.add();
          wait_unordered(turn, 3);
          park();
          expect_equal(words->first + words->second, 3, "the sum of what both threads wrote");
          expect(join(first), returned());
          expect(join(second), returned());
          drop(self);
        });

}  // namespace
}  // namespace heddle::conformance
