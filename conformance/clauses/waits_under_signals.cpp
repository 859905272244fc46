// Waits of a thread to which signals keep coming: none ends without its reason. The signals are
// real ones, so a runtime may wait by any call.
#include "clauses/signal_storm.hpp"
#include "clauses/surplus_token.hpp"
#include "stage/clock.hpp"
#include "stage/stage.hpp"

namespace heddle::conformance {
namespace {

constexpr std::uint64_t enough_signals = 20;

const auto join_outlasts_signals =
    clause("JOIN-332")
        .must("Signals do not end a join before the thread has ended.")
        .source(
            "heddle/subject.h, heddle_spawning.join; "
            "Rust documentation, std::thread::JoinHandle::join; "
            "POSIX.1-2017, pthread_join",
            "Eats the join handle and waits for the thread.")
        .needs({Feature::spawn, Feature::join})
        .example([] {
          const SignalStorm storm(kernel_thread_id());
          const Counter ended;
          const JoinHandle thread = spawn([ended, sent = storm.sent()] {
            SignalStorm::wait_for(sent, enough_signals);
            ended.add();
            return returns();
          });
          static_cast<void>(join(thread));
          expect_equal(ended.get(), 1, "how many bodies have ended when join returns");
        });

const auto scope_outlasts_signals =
    clause("SCOPE-331")
        .must("Signals do not end a scope before its threads have ended.")
        .source(
            "heddle/subject.h, heddle_scopes.scope; "
            "Rust documentation, std::thread::scope",
            "Runs the body with the scope as `argument`, then waits for every thread spawned in "
            "it.")
        .needs({Feature::scope, Feature::scope_drop})
        .example([] {
          const SignalStorm storm(kernel_thread_id());
          const Counter ended;
          const Outcome outcome =
              scope(closure("scope's body", [ended, sent = storm.sent()](Scope inside) {
                detach(spawn(inside, closure("scoped", [=] {
                               SignalStorm::wait_for(sent, enough_signals);
                               ended.add();
                               return returns();
                             })));
                return returns();
              }));
          expect(outcome, returned());
          expect_equal(ended.get(), 1, "how many bodies have ended when the scope returns");
        });

const auto park_outlasts_signals =
    clause("PARK-353")
        .should("Signals do not end a park before its thread has a token.")
        .source(
            "Rust documentation, std::thread::park; "
            "Rust 1.63, library/std/src/sys_common/thread_parker/futex.rs: Parker::park; "
            "Rust 1.95, library/std/src/sys/sync/thread_parking/futex.rs: Parker::park")
        .needs({Feature::park, Feature::thread_handle, Feature::spawn, Feature::join})
        .example([] {
          const ThreadHandle self = current_thread();
          const SignalStorm storm(kernel_thread_id());
          const Signal token_given;
          const JoinHandle waker = spawn([=, sent = storm.sent()] {
            SignalStorm::wait_for(sent, enough_signals);
            token_given.set();
            unpark(self);
            return returns();
          });
          park();
          expect(token_given.is_set(), "park waits for a token", "it returned before it had one");
          static_cast<void>(join(waker));
          drop(self);
        });

// The signals are bounded: a runtime that begins its wait anew after each would never end.
const auto timed_park_outlasts_signals =
    clause("PARK-354")
        .should("Signals do not shorten a park_timeout that nobody ends.")
        .source(
            "Rust documentation, std::thread::park_timeout; "
            "Rust 1.63, library/std/src/sys/unix/futex.rs: futex_wait; "
            "Rust 1.95, library/std/src/sys/pal/unix/futex.rs: futex_wait")
        .needs({Feature::park_timeout})
        .example([] {
          constexpr std::uint32_t a_few_milliseconds = 5'000'000;
          expect_a_wait("a park_timeout to which signals come", [] {
            const SignalStorm storm(kernel_thread_id(), enough_signals);
            const std::uint64_t began = monotonic_nanoseconds();
            park_timeout(0, a_few_milliseconds);
            return monotonic_nanoseconds() - began >= a_few_milliseconds;
          });
        });

}  // namespace
}  // namespace heddle::conformance
