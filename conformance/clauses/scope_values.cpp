// Values that come out of a scope and of its threads, and the places where all others die.
#include "clauses/late_thread.hpp"
#include "clauses/seen_waiting.hpp"
#include "stage/stage.hpp"

namespace heddle::conformance {
namespace {

// Citations of more than one clause.
constexpr std::string_view sources_of_unclaimed_results =
    "Rust 1.63, library/std/src/thread/mod.rs: Packet::drop; "
    "Rust 1.95, library/std/src/thread/lifecycle.rs: Packet::drop";

const auto scope_returns_the_bodys_value =
    clause("SCOPE-182")
        .must("A scope hands back what its body returned.")
        .source(
            "heddle/subject.h, heddle_scopes.scope; "
            "Rust documentation, std::thread::scope",
            "Runs the body with the scope as `argument`, then waits for every thread spawned in "
            "it. RETURNED: the body's value.")
        .needs({Feature::scope, Feature::scope_drop})
        .example([] {
          const Value result = value("result");
          const Closure body = closure("scope body", [=](Scope inside) {
            detach(spawn(inside, [] { return returns(); }));
            return returns(result);
          });
          expect(scope(body), returned(result));
          expect_dropped(body.captured());
        });

const auto scoped_join_hands_back =
    clause("SCOPE-309")
        .must("join of a scoped thread hands back what its body returned.")
        .source(
            "heddle/subject.h, heddle_spawning.join; "
            "heddle/subject.h, heddle_scopes.join; "
            "Rust documentation, std::thread::ScopedJoinHandle::join",
            "Eats the join handle and waits for the thread. RETURNED: `value` is the body's "
            "cookie.")
        .needs({Feature::scope, Feature::scope_join, Feature::thread_values})
        .example([] {
          expect(scope([](Scope inside) {
                   const Value first = value("first result");
                   const Value second = value("second result");
                   const JoinHandle one = spawn(inside, [=] { return returns(first); });
                   const JoinHandle other = spawn(inside, [=] { return returns(second); });
                   expect(join(other), returned(second));
                   expect(join(one), returned(first));
                   return returns();
                 }),
                 returned());
        });

const auto captures_die_in_the_scope =
    clause("SCOPE-310")
        .must(
            "What a scoped thread captured is dropped once, on that thread, before the scope "
            "returns.")
        .source(
            "heddle/subject.h, heddle_body; "
            "Rust documentation, std::ops::FnOnce; "
            "Rust documentation, std::thread::scope",
            "`env` is what the closure has captured: wrap it whole, move it with the closure to "
            "where the body runs, and drop it there when the body has ended, by return or by "
            "unwinding, inside the catch, thread, scope or access that ran it (as Rust's FnOnce "
            "does).")
        .needs({Feature::scope, Feature::scope_drop})
        .example([] {
          const Closure thread = closure("thread", [] { return returns(); });
          expect(scope([=](Scope inside) {
                   detach(spawn(inside, thread));
                   return returns();
                 }),
                 returned());
          expect_dropped_on(thread.captured(), thread.ran_on());
        });

// Runs a scope with a thread that ends with `ending` after its handle is gone, so that the thread
// itself drops its result.
Outcome scope_of_unjoined(Ending ending) {
  return scope([=](Scope inside) {
    const Signal handle_gone;
    const JoinHandle handle = spawn(inside, [=] {
      handle_gone.wait();
      return ending;
    });
    detach(handle);
    handle_gone.set();
    return returns();
  });
}

// A value whose drop takes long enough for the scope's owner to leave too early, even where the
// owner has to wait for a processor: the drop goes on when the owner is seen to wait for it.
Value dying_late(std::string_view name, Signal dead) {
  const auto owner = kernel_thread_id();
  return value(name).when_dropped([=] {
    static_cast<void>(is_seen_waiting(owner, dead));
    dead.set();
    return returns();
  });
}

const auto results_die_before_the_scope_returns =
    clause("SCOPE-190")
        .profile(everywhere,
                 "A scope returns after the results that nobody took have been dropped.")
        .source(
            "Rust 1.63, library/std/src/thread/mod.rs: Packet::drop; "
            "Rust 1.95, library/std/src/thread/lifecycle.rs: Packet::drop; "
            "Rust 1.63, library/std/src/thread/tests.rs: "
            "test_scoped_threads_drop_result_before_join")
        .needs({Feature::scope, Feature::scope_drop, Feature::thread_values})
        .example([] {
          const Signal dead;
          expect(scope_of_unjoined(returns(dying_late("result", dead))), returned());
          expect(dead.is_set(), "the result is dropped before the scope returns",
                 "its drop was not over");
        });

const auto payloads_die_before_the_scope_returns =
    clause("SCOPE-311")
        .profile(everywhere,
                 "A scope returns after the payloads that nobody took have been dropped.")
        .source(sources_of_unclaimed_results)
        .needs({Feature::scope, Feature::scope_drop, Feature::panic, Feature::thread_panics})
        .example([] {
          const Signal dead;
          expect(scope_of_unjoined(panics(dying_late("payload", dead))), panicked());
          expect(dead.is_set(), "the payload is dropped before the scope panics",
                 "its drop was not over");
        });

const auto drops_may_spawn =
    clause("SCOPE-312")
        .profile(
            everywhere,
            "The drop of a scoped thread's result may spawn into the scope, which waits for it.")
        .source(
            "Rust 1.63, library/std/src/thread/mod.rs: Packet::drop; "
            "Rust 1.95, library/std/src/thread/lifecycle.rs: Packet::drop; "
            "Rust 1.63, library/std/src/thread/scoped.rs: ScopeData::decrement_num_running_threads")
        .needs({Feature::scope, Feature::scope_drop, Feature::thread_values})
        .example([] {
          const Signal ended;
          const auto owner = kernel_thread_id();
          const Closure body = closure("scope body", [=](Scope inside) {
            const Value result = value("result").when_dropped([=] {
              let_block(owner);
              detach(spawn(inside, late(owner, ended)));
              return returns();
            });
            const Signal handle_gone;
            const JoinHandle handle = spawn(inside, [=] {
              handle_gone.wait();
              return returns(result);
            });
            detach(handle);
            handle_gone.set();
            return returns();
          });
          expect(scope(body), returned());
          expect_ended(ended);
        });

const auto results_die_with_their_last_owner =
    clause("SCOPE-191")
        .profile(everywhere,
                 "The result of an unjoined scoped thread dies on that thread, or on the one that "
                 "drops the handle afterwards.")
        .source(sources_of_unclaimed_results)
        .needs({Feature::scope, Feature::scope_drop, Feature::scope_is_finished,
                Feature::thread_values})
        .example([] {
          const Value early = value("result of the thread without a handle");
          const Value held = value("result of the thread with a handle");
          const SharedNumber<std::uint32_t> thread;
          expect(scope([=](Scope inside) {
                   const Signal handle_gone;
                   const JoinHandle first = spawn(inside, [=] {
                     thread.set(here());
                     handle_gone.wait();
                     return returns(early);
                   });
                   detach(first);
                   handle_gone.set();
                   const JoinHandle second = spawn(inside, [=] { return returns(held); });
                   wait_until_finished(second);
                   expect_not_dropped(held);
                   detach(second);
                   expect_dropped_on(held, here());
                   return returns();
                 }),
                 returned());
          expect_dropped_on(early, thread.get());
        });

}  // namespace
}  // namespace heddle::conformance
