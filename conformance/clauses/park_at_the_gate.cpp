// The moment between a parking thread's look at its token and its wait, in which a wake-up can be
// lost. The injector holds the thread just there.
#include "clauses/surplus_token.hpp"
#include "stage/gate.hpp"
#include "stage/stage.hpp"

namespace heddle::conformance {
namespace {

// Runs `parks` on this thread. Exactly when `parks` is about to wait, another thread does
// `meanwhile` with this thread's handle.
template <class Parks>
void with_a_visitor_at_the_gate(Parks parks, int unparks) {
  const auto kernel_thread = kernel_thread_id();
  const ThreadHandle self = current_thread();
  const Signal armed_now;
  const JoinHandle visitor = spawn([=] {
    armed_now.wait();
    wait_at_gate(kernel_thread);
    for (int unparked = 0; unparked < unparks; ++unparked) {
      unpark(self);
    }
    open_gate();
    return returns();
  });
  armed([&] {
    armed_now.set();
    parks();
  });
  expect(join(visitor), returned());
  drop(self);
}

const auto unpark_before_the_wait =
    clause("PARK-321")
        .must("An unpark that comes between a park's look at its token and its wait is not lost.")
        .source(
            "Rust documentation, std::thread::park; "
            "Rust 1.63, library/std/src/sys_common/thread_parker/futex.rs: Parker::park; "
            "Rust 1.95, library/std/src/sys/sync/thread_parking/futex.rs: Parker::park",
            "The thread::park function blocks the current thread unless or until the token is "
            "available for its thread handle, at which point it atomically consumes the token.")
        .needs({Feature::park, Feature::thread_handle, Feature::spawn, Feature::join})
        .fault(held_before(HEDDLE_INJECT_FUTEX_WAIT))
        .example([] { with_a_visitor_at_the_gate([] { park(); }, 1); });

const auto unpark_before_the_timed_wait =
    clause("PARK-322")
        .must(
            "An unpark that comes between a park_timeout's look at its token and its wait ends it.")
        .source(
            "Rust documentation, std::thread::park_timeout; "
            "Rust 1.63, library/std/src/sys_common/thread_parker/futex.rs: Parker::park_timeout; "
            "Rust 1.95, library/std/src/sys/sync/thread_parking/futex.rs: Parker::park_timeout",
            "Blocks unless or until the current thread's token is made available or the specified "
            "duration has been reached (may wake spuriously).")
        .needs({Feature::park_timeout, Feature::thread_handle, Feature::spawn, Feature::join})
        .fault(held_before(HEDDLE_INJECT_FUTEX_WAIT))
        .example([] { with_a_visitor_at_the_gate([] { park_timeout(days, 0); }, 1); });

const auto unparks_before_the_wait_are_one =
    clause("PARK-323")
        .must(
            "Several unparks that come while a park is on its way to its wait leave no second "
            "token.")
        .source(
            "Rust documentation, std::thread::park; "
            "Rust 1.63, library/std/src/sys_common/thread_parker/futex.rs: Parker::unpark; "
            "Rust 1.95, library/std/src/sys/sync/thread_parking/futex.rs: Parker::unpark",
            "The unpark method on a Thread atomically makes the token available if it wasn't "
            "already.")
        .needs({Feature::park, Feature::park_timeout, Feature::thread_handle, Feature::spawn,
                Feature::join})
        .fault(held_before(HEDDLE_INJECT_FUTEX_WAIT))
        .example([] {
          expect_a_wait("a park_timeout after a park that used up its token", [] {
            with_a_visitor_at_the_gate([] { park(); }, 3);
            return park_timeout_expires();
          });
        });

const auto last_thread_ends_before_the_scope_waits =
    clause("SCOPE-321")
        .must(
            "A scope whose last thread ends between the scope's look at their number and its wait "
            "returns.")
        .source(
            "heddle/subject.h, heddle_scopes.scope; "
            "Rust documentation, std::thread::scope; "
            "Rust 1.63, library/std/src/thread/scoped.rs: "
            "ScopeData::decrement_num_running_threads; "
            "Rust 1.95, library/std/src/thread/scoped.rs: ScopeData::decrement_num_running_threads",
            "Runs the body with the scope as `argument`, then waits for every thread spawned in "
            "it. RETURNED: the body's value.")
        .needs({Feature::scope, Feature::scope_drop, Feature::thread_handle, Feature::spawn,
                Feature::join})
        .fault(held_before(HEDDLE_INJECT_FUTEX_WAIT))
        .example([] {
          const auto owner = kernel_thread_id();
          const Signal begun;
          const Signal end;
          const SharedNumber<pid_t> scoped;
          const JoinHandle visitor = spawn([=] {
            begun.wait();
            wait_at_gate(owner);
            end.set();
            let_end(scoped.get());
            open_gate();
            return returns();
          });
          const Outcome outcome = armed([=] {
            return scope(closure("scope's body", [=](Scope inside) {
              detach(spawn(inside, closure("scoped", [=] {
                             scoped.set(kernel_thread_id());
                             begun.set();
                             end.wait();
                             return returns();
                           })));
              begun.wait();
              return returns();
            }));
          });
          expect(outcome, returned());
          expect(join(visitor), returned());
        });

}  // namespace
}  // namespace heddle::conformance
