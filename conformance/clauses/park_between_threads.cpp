// Parking as threads use it: to wait for one another.
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

// A baton goes round the threads of a ring; who does not have it parks. The baton orders nothing:
// that its sight comes with the unpark is the runtime's part.
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

// Sleeps until the timer wakes it: on a machine with one processor to spare, whoever runs then is
// interrupted wherever it is. A thread that another one wakes would take over at that one's system
// call, always at the same place.
void sleep_a_little() {
  const timespec shortest{.tv_sec = 0, .tv_nsec = 1};
  // EINTR: any moment will do. There is no other error.
  static_cast<void>(system_call(SYS_nanosleep, reinterpret_cast<long>(&shortest)));
}

// The receiver does not sleep, so that the unparks fall into all that it does between two waits,
// also with one processor for both. The giver does, and so does the receiver in the end if an
// unpark is lost: the early wakes are many, but not without end.
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

// Two threads each write a plain word and then unpark. Their turns are told by a counter that
// orders nothing, and they begin when both are spawned: what spawn does at its end must not order
// the writes before the reads, only the unparks may.
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
          excuse_unless_it_waits();  // a park that returns for no reason orders nothing
          struct Words {
            std::uint64_t first = 0, second = 0;
          };
          auto* const words = new Words;  // never freed: free would be one more party
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
