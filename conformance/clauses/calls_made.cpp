// How often a runtime makes a call of the system: the injector counts the calls, and makes them.
#include <array>
#include <cerrno>
#include <cstdint>

#include "stage/stage.hpp"

namespace heddle::conformance {
namespace {

constexpr std::string_view sources_of_join =
    "Rust 1.63, library/std/src/sys/unix/thread.rs: Thread::join; "
    "Rust 1.95, library/std/src/sys/thread/unix.rs: Thread::join; "
    "Rust 1.63, library/std/src/sys/unix/thread.rs: Thread::drop; "
    "Rust 1.95, library/std/src/sys/thread/unix.rs: Thread::drop";

// In the order in which the clauses here name them.
constexpr std::size_t first_call = 0;
constexpr std::size_t second_call = 1;

const auto join_joins_once =
    clause("JOIN-044")
        .profile(everywhere, "join makes one call to the system to join, and none to detach.")
        .source(sources_of_join)
        .needs({Feature::spawn, Feature::join})
        .fault(counted(HEDDLE_INJECT_PTHREAD_JOIN))
        .fault(counted(HEDDLE_INJECT_PTHREAD_DETACH))
        .example([] {
          const JoinHandle thread = spawn(nothing_to_do);
          expect(armed([=] { return join(thread); }), returned());
          expect_equal(calls_counted(first_call), 1, "how often the thread was joined");
          expect_equal(calls_counted(second_call), 0, "how often a thread was detached");
        });

const auto dropped_handle_detaches_once =
    clause("SPAWN-365")
        .profile(everywhere,
                 "Dropping a join handle makes one call to the system to detach, and none to "
                 "join.")
        .source(sources_of_join)
        .needs({Feature::spawn, Feature::detach})
        .fault(counted(HEDDLE_INJECT_PTHREAD_DETACH))
        .fault(counted(HEDDLE_INJECT_PTHREAD_JOIN))
        .example([] {
          const JoinHandle thread = spawn(nothing_to_do);
          armed([=] { detach(thread); });
          expect_equal(calls_counted(first_call), 1, "how often the thread was detached");
          expect_equal(calls_counted(second_call), 0, "how often a thread was joined");
        });

const auto unjoined_scoped_thread_is_detached =
    clause("SCOPE-193")
        .profile(everywhere,
                 "A scoped thread that nobody joins is detached, not joined, by the runtime.")
        .source(sources_of_join)
        .needs({Feature::scope, Feature::scope_drop})
        .fault(counted(HEDDLE_INJECT_PTHREAD_DETACH))
        .fault(counted(HEDDLE_INJECT_PTHREAD_JOIN))
        .example([] {
          const Outcome outcome = armed([] {
            return scope(closure("scope's body", [](Scope inside) {
              detach(spawn(inside, nothing_to_do));
              return returns();
            }));
          });
          expect(outcome, returned());
          expect_equal(calls_counted(first_call), 1, "how often the thread was detached");
          expect_equal(calls_counted(second_call), 0, "how often the thread was joined");
        });

// A thread may ask for its own attributes, and then destroys those as well.
void expect_destroyed_attributes() {
  constexpr std::size_t third_call = 2;
  on_ended_thread([] {});
  armed([] { on_ended_thread([] {}); });
  expect_equal(calls_counted(third_call), calls_counted(first_call) + calls_counted(second_call),
               "how many attributes objects were destroyed");
}

const auto attributes_are_destroyed =
    clause("SPAWN-392")
        .profile(everywhere, "Each attributes object of a new thread is destroyed, once.")
        .source(
            "Rust 1.63, library/std/src/sys/unix/thread.rs: Thread::new; "
            "Rust 1.95, library/std/src/sys/thread/unix.rs: Thread::new; "
            "POSIX.1-2017, pthread_attr_destroy")
        .needs({Feature::spawn, Feature::join})
        .fault(counted(HEDDLE_INJECT_PTHREAD_ATTR_INIT))
        .fault(counted(HEDDLE_INJECT_PTHREAD_GETATTR_NP))
        .fault(counted(HEDDLE_INJECT_PTHREAD_ATTR_DESTROY))
        .example(expect_destroyed_attributes);

const auto attributes_of_a_watched_thread =
    clause("STACK-405")
        .profile({"heddle"},
                 "A thread whose overflow is reported destroys, once, the attributes that it asks "
                 "libc for.")
        .source("POSIX.1-2017, pthread_attr_destroy; pthread_getattr_np(3)")
        .needs({Feature::spawn, Feature::join, Feature::overflow_report, Feature::start})
        .fault(counted(HEDDLE_INJECT_PTHREAD_ATTR_INIT))
        .fault(counted(HEDDLE_INJECT_PTHREAD_GETATTR_NP))
        .fault(counted(HEDDLE_INJECT_PTHREAD_ATTR_DESTROY))
        .example([] {
          start_runtime();
          expect_destroyed_attributes();
          expect(calls_counted(second_call) > 0, "the thread asks for its attributes",
                 "it does not");
        });

const auto no_calls_about_signal_stacks =
    clause("STACK-406")
        .profile({"heddle"}, "Before the runtime starts, threads make no call about signal stacks.")
        .source("impl/README.md, A program that owns `main`")
        .needs({Feature::spawn, Feature::join, Feature::overflow_report, Feature::start})
        .fault(counted(HEDDLE_INJECT_SIGALTSTACK))
        .example([] {
          armed([] { on_ended_thread([] {}); });
          expect_equal(calls_counted(first_call), 0, "calls about signal stacks");
          armed(start_runtime_beside);  // shows that the calls are seen
          need_fired_fault();
        });

const auto refused_attributes_are_not_destroyed =
    clause("SPAWN-393")
        .profile({"heddle"},
                 "Attributes that libc has refused to make are not destroyed: there are none.")
        .source("POSIX.1-2017, pthread_attr_destroy")
        .needs({Feature::spawn, Feature::join})
        .fault(fails(HEDDLE_INJECT_PTHREAD_ATTR_INIT, ENOMEM))
        .fault(counted(HEDDLE_INJECT_PTHREAD_ATTR_DESTROY))
        .example([] {
          const Outcome spawned = armed([] { return try_spawn(nothing_to_do); });
          expect(spawned, refused_with(ENOMEM));
          expect_equal(calls_counted(second_call), 0, "how often attributes were destroyed");
        });

std::uint64_t calls_of_either() {
  return calls_counted(first_call) + calls_counted(second_call);
}

const auto no_sleep_no_call =
    clause("SPAWN-085")
        .profile(everywhere, "A sleep of no time makes no call to the system.")
        .source("Rust documentation, std::thread::sleep",
                "Currently, specifying a zero duration on Unix platforms returns immediately "
                "without invoking the underlying nanosleep syscall, whereas on Windows platforms "
                "the underlying Sleep syscall is always invoked.")
        .needs({Feature::sleep})
        .fault(counted(HEDDLE_INJECT_NANOSLEEP))
        .fault(counted(HEDDLE_INJECT_CLOCK_NANOSLEEP))
        .example([] {
          armed([] { sleep(0, 0); });
          expect_equal(calls_of_either(), 0, "how often the system was asked to sleep no time");
          armed([] { sleep(0, 1); });  // shows that the calls are seen
          need_fired_fault();
        });

const auto tokens_without_calls =
    clause("PARK-104")
        .should("unpark of a thread that does not wait, and park with a token, make no futex call.")
        .source(
            "Rust 1.63, library/std/src/sys_common/thread_parker/futex.rs: Parker; "
            "Rust 1.95, library/std/src/sys/sync/thread_parking/futex.rs: Parker")
        .needs({Feature::park, Feature::park_timeout, Feature::thread_handle})
        .fault(counted(HEDDLE_INJECT_FUTEX_WAIT))
        .fault(counted(HEDDLE_INJECT_FUTEX_WAKE))
        .example([] {
          const ThreadHandle self = current_thread();
          armed([=] {
            unpark(self);
            park();
            unpark(self);
            unpark(self);
            park_timeout(0, 1);
          });
          drop(self);
          expect_equal(calls_of_either(), 0, "how often a futex was waited for or woken");
          armed([] { park_timeout(0, 1); });  // shows that the calls are seen
          need_fired_fault();
        });

}  // namespace
}  // namespace heddle::conformance
