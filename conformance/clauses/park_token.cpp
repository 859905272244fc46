// The token: which thread has one, what consumes it, and that there is never a second.
#include "clauses/surplus_token.hpp"
#include "stage/stage.hpp"

namespace heddle::conformance {
namespace {

// Citations of more than one clause.
constexpr std::string_view blocks_until_token =
    "The thread::park function blocks the current thread unless or until the token is "
    "available for its thread handle, at which point it atomically consumes the token.";

const auto no_token_at_first =
    clause("PARK-092")
        .must("A thread begins without a token.")
        .source("Rust documentation, std::thread::park",
                "Conceptually, each Thread handle has an associated token, which is initially not "
                "present")
        .needs({Feature::park_timeout, Feature::spawn, Feature::join})
        .example([] {
          expect_a_wait("the first park_timeout of a thread", [] {
            const Counter waited;
            on_spawned_thread([=] { waited.set(park_timeout_expires() ? 1 : 0); });
            return waited.get() == 1;
          });
        });

const auto unpark_before_park =
    clause("PARK-093")
        .must("A park that follows an unpark of the same thread returns.")
        .source("Rust documentation, std::thread::park", blocks_until_token)
        .needs({Feature::park, Feature::thread_handle})
        .example([] {
          unpark_self();
          park();
        });

const auto one_token_at_most =
    clause("PARK-094")
        .must("Any number of unparks before a park leave one token.")
        .source("Rust documentation, std::thread::park",
                "The unpark method on a Thread atomically makes the token available if it wasn't "
                "already.")
        .needs({Feature::park, Feature::thread_handle, Feature::spawn, Feature::join})
        .example([] {
          expect_the_next_park_to_wait("the park after the one that consumed the token", [] {
            unpark_self();
            unpark_self();
            unpark_self();
            park();
          });
        });

const auto unpark_ends_one_wait =
    clause("PARK-302")
        .must("An unpark that ends a park which is waiting is consumed by that park.")
        .source(
            "Rust documentation, std::thread::park; "
            "Rust 1.63, library/std/src/sys_common/thread_parker/futex.rs: Parker::park; "
            "Rust 1.95, library/std/src/sys/sync/thread_parking/futex.rs: Parker::park",
            blocks_until_token)
        .needs({Feature::park, Feature::thread_handle, Feature::spawn, Feature::join})
        .example([] {
          expect_the_next_park_to_wait("the park after the one that the unpark has ended",
                                       [] { unpark_during(park); });
        });

const auto park_waits =
    clause("PARK-330")
        .should("park waits while its thread has no token.")
        .source("Rust documentation, std::thread::park", blocks_until_token)
        .needs({Feature::park, Feature::thread_handle, Feature::spawn, Feature::join})
        .example([] {
          for (int trial = 0; trial < trials; ++trial) {
            expect(is_seen_to_wait([] {}, park), "park waits until the thread is unparked",
                   "it returned before");
          }
        });

const auto tokens_belong_to_threads =
    clause("PARK-107")
        .must("An unpark gives a token to the thread of its handle and to no other.")
        .source("Rust documentation, std::thread::Thread::unpark",
                "Atomically makes the handle's token available if it is not already.")
        .needs({Feature::park_timeout, Feature::thread_handle, Feature::handle_thread,
                Feature::spawn, Feature::join})
        .example([] {
          const Signal end;
          const JoinHandle other = spawn([=] {
            end.wait();
            return returns();
          });
          const ThreadHandle others_thread = thread_of(other);
          expect_a_wait("a thread that was not unparked", [=] {
            unpark(others_thread);
            return park_timeout_expires();
          });
          end.set();
          expect(join(other), returned());
          drop(others_thread);
        });

const auto clones_share_the_token =
    clause("PARK-303")
        .must("An unpark through a clone of a thread's handle reaches the same token.")
        .source(
            "heddle/subject.h, heddle_threads.clone; "
            "Rust documentation, std::thread::Thread::unpark",
            "RETURNED: a second `handle` of the same thread")
        .needs({Feature::park, Feature::thread_handle, Feature::thread_clone})
        .example([] {
          const ThreadHandle self = current_thread();
          const ThreadHandle copy = clone(self);
          drop(self);
          unpark(copy);
          drop(copy);
          park();
        });

const auto unpark_does_not_wait =
    clause("PARK-106")
        .must("unpark returns even when nobody parks, on any thread.")
        .source(
            "Rust documentation, std::thread::Thread::unpark; "
            "heddle/subject.h, heddle_threads.unpark",
            "Atomically makes the handle's token available if it is not already.")
        .needs({Feature::park, Feature::thread_handle, Feature::spawn, Feature::join})
        .example([] {
          const ThreadHandle self = current_thread();
          const auto unpark_often = [self] {
            for (int count = 0; count < 20; ++count) {
              unpark(self);
            }
          };
          unpark_often();
          on_spawned_thread(unpark_often);
          on_foreign_thread(unpark_often);
          drop(self);
          park();
        });

const auto join_keeps_the_token =
    clause("PARK-112")
        .profile(everywhere,
                 "Spawning and joining a thread neither take the caller's token nor leave one.")
        .source(
            "Rust 1.63, library/std/src/thread/mod.rs: JoinInner::join; "
            "Rust 1.95, library/std/src/thread/lifecycle.rs: JoinInner::join")
        .needs({Feature::park, Feature::park_timeout, Feature::thread_handle, Feature::spawn,
                Feature::join})
        .example([] {
          const auto kernel_thread = kernel_thread_id();
          const auto spawn_and_join = [=] { on_spawned_thread([=] { let_block(kernel_thread); }); };
          unpark_self();
          spawn_and_join();
          park();
          expect_a_wait("a park_timeout after a join", [=] {
            spawn_and_join();
            return park_timeout_expires();
          });
        });

const auto parks_in_a_destructor =
    clause("PARK-111")
        .profile(everywhere,
                 "A thread can be unparked and can park in the destructor of its thread local.")
        .source(
            "Rust 1.63, library/std/src/sys_common/thread_info.rs: current_thread; "
            "Rust 1.95, library/std/src/thread/current.rs: current")
        .needs({Feature::park, Feature::thread_handle, Feature::spawn, Feature::join,
                Feature::tls_lazy})
        .example([] {
          const Signal parked;
          initialise(lazy_slot(0), [=] {
            return returns(value("thread local").when_dropped([=] {
              unpark_self();
              park();
              parked.set();
              return returns();
            }));
          });
          on_spawned_thread([] { touch(lazy_slot(0)); });
          expect(parked.is_set(), "the destructor has parked when join returns");
        });

const auto states_are_private =
    clause("PARK-103")
        .profile({"rust-1.63..", "heddle"},
                 "The token is one atomic word with three states: parked -1, empty 0, notified 1.")
        .source("Rust 1.63, library/std/src/sys_common/thread_parker/futex.rs: Parker")
        .untested("the ABI does not show a thread's state word");

const auto failing_wake =
    clause("PARK-110")
        .profile({"rust-1.63.."}, "A futex wake that fails is ignored.")
        .source(
            "Rust 1.63, library/std/src/sys/unix/futex.rs: futex_wake; "
            "Rust 1.95, library/std/src/sys/pal/unix/futex.rs: futex_wake")
        .untested("the thread that it should have woken then sleeps for good, as does its check");

}  // namespace
}  // namespace heddle::conformance
