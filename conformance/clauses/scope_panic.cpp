// Panics in a scope, and which of them leaves it.
#include <csignal>

#include "clauses/late_thread.hpp"
#include "stage/stage.hpp"

namespace heddle::conformance {
namespace {

// Citations of more than one clause.
constexpr std::string_view sources_of_scope =
    "Rust 1.63, library/std/src/thread/scoped.rs: scope; "
    "Rust 1.95, library/std/src/thread/scoped.rs: scope";
constexpr std::string_view sources_of_scope_panics =
    "heddle/subject.h, HEDDLE_SCOPE_PANICS; "
    "Rust documentation, std::thread::scope";
constexpr std::string_view scope_panics_for_unjoined =
    "A panic of a thread that nobody joined makes the scope panic when all have ended; one "
    "that join has handed out does not.";

Closure panicking_with(Value payload) {
  return closure("panicking thread", [=] { return panics(payload); });
}

const auto body_panic_wins =
    clause("SCOPE-184")
        .must(
            "The panic of a scope's body leaves the scope, with its payload, whatever its "
            "threads did.")
        .source(
            "heddle/subject.h, heddle_scopes.scope; "
            "Rust documentation, std::thread::scope; "
            "Rust 1.63, library/std/src/thread/scoped.rs: scope",
            "PANICKED: the body's panic, or the scope's own because a thread that nobody joined "
            "has panicked (HEDDLE_SCOPE_PANICS).")
        .needs({Feature::scope, Feature::scope_drop, Feature::panic, Feature::thread_panics})
        .example([] {
          const Value of_body = value("the body's payload");
          const Value of_thread = value("the thread's payload");
          const Closure body = closure("scope body", [=](Scope inside) {
            detach(spawn(inside, panicking_with(of_thread)));
            return panics(of_body);
          });
          expect(scope(body), panicked(of_body));
          expect_dropped(of_thread);
        });

const auto body_panic_is_reported_once =
    clause("SCOPE-306")
        .profile(everywhere,
                 "The panic of a scope's body runs the panic hook once, and not again when it "
                 "leaves the scope.")
        .source(sources_of_scope)
        .needs({Feature::scope, Feature::panic, Feature::hook})
        .example([] {
          const Counter hook_runs;
          set_hook_action([=](std::string_view) {
            hook_runs.add();
            return returns();
          });
          set_hook();
          expect(scope([] { return panics("the body's panic"); }), panicked());
          expect_equal(hook_runs.get(), 1, "how often the hook ran");
        });

const auto unjoined_panic_leaves_the_scope =
    clause("SCOPE-185")
        .must(
            "A panic in a thread that nobody joined makes the scope panic, once all its "
            "threads have ended.")
        .source(sources_of_scope_panics, scope_panics_for_unjoined)
        .needs({Feature::scope, Feature::scope_drop, Feature::panic, Feature::thread_panics,
                Feature::scope_panics})
        .example([] {
          const Signal ended;
          const auto owner = kernel_thread_id();
          const Value payload = value("payload");
          const Value result = value("result");
          const Closure body = closure("scope body", [=](Scope inside) {
            detach(spawn(inside, panicking_with(payload)));
            detach(spawn(inside, late(owner, ended)));
            return returns(result);
          });
          expect(scope(body), panicked());
          expect_ended(ended);
          expect_dropped(payload);
          expect_dropped(result);
        });

const auto scope_panic_is_heard_of =
    clause("SCOPE-330")
        .profile(everywhere,
                 "The hook runs for the panic of a thread and for that of its scope, but not again "
                 "for a body's panic that the scope passes on.")
        .source(sources_of_scope)
        .needs({Feature::scope, Feature::scope_drop, Feature::panic, Feature::thread_panics,
                Feature::hook})
        .example([] {
          const Counter hooks;
          set_hook();
          set_hook_action([=](std::string_view) { return hooks.add(), returns(); });
          expect(scope(closure("scope body",
                               [=](Scope inside) {
                                 detach(spawn(inside, panicking_with(value("payload"))));
                                 return returns();
                               })),
                 panicked());
          expect_equal(hooks.get(), 2, "how often the hook ran for a thread's panic");
          const Value payload = value("the body's payload");
          expect(scope(closure("scope body", [=] { return panics(payload); })), panicked(payload));
          expect_equal(hooks.get(), 3, "how often the hook ran, once a body has panicked");
        });

const auto scope_panic_says_why =
    clause("SCOPE-307")
        .profile({"rust-1.63.."},
                 "A scope that panics for one of its threads says: a scoped thread panicked.")
        .source(sources_of_scope)
        .needs({Feature::scope, Feature::scope_drop, Feature::panic, Feature::thread_panics})
        .example([] {
          const Outcome left = scope([](Scope inside) {
            detach(spawn(inside, [] { return panics("a thread's panic"); }));
            return returns();
          });
          expect(left, panicked());
          expect_equal(left.text(), "a scoped thread panicked", "the text of the scope's panic");
        });

const auto joined_panic_stays =
    clause("SCOPE-186")
        .must("A panic that join has handed out does not make the scope panic.")
        .source(sources_of_scope_panics, scope_panics_for_unjoined)
        .needs({Feature::scope, Feature::scope_join, Feature::panic, Feature::thread_panics,
                Feature::scope_panics})
        .example([] {
          const Value payload = value("payload");
          const Value result = value("result");
          const Closure body = closure("scope body", [=](Scope inside) {
            expect(join(spawn(inside, panicking_with(payload))), caught(payload));
            return returns(result);
          });
          expect(scope(body), returned(result));
        });

const auto panics_do_not_cancel_out =
    clause("SCOPE-187")
        .must("A scope panics for one thread whose panic nobody took, whatever the others did.")
        .source(sources_of_scope_panics, scope_panics_for_unjoined)
        .needs({Feature::scope, Feature::scope_join, Feature::scope_drop, Feature::panic,
                Feature::thread_panics, Feature::scope_panics})
        .example([] {
          const Signal ended;
          const auto owner = kernel_thread_id();
          const Closure body = closure("scope body", [=](Scope inside) {
            detach(spawn(inside, panicking_with(value("nobody's payload"))));
            const Value taken = value("taken payload");
            expect(join(spawn(inside, panicking_with(taken))), caught(taken));
            expect(join(spawn(inside, [] { return returns(); })), returned());
            detach(spawn(inside, late(owner, ended)));
            return returns();
          });
          expect(scope(body), panicked());
        });

const auto owner_does_not_panic_on =
    clause("SCOPE-308")
        .must("Once the panic that left a scope is caught, its owner panics no more.")
        .source(
            "heddle/subject.h, heddle_panics.panicking; "
            "Rust documentation, std::thread::panicking",
            "RETURNED: `value` 1 while the calling thread unwinds")
        .needs({Feature::scope, Feature::scope_drop, Feature::panic, Feature::thread_panics,
                Feature::panicking, Feature::scope_panics})
        .example([] {
          expect(scope([] { return panics("the body's panic"); }), panicked());
          expect(!panicking(), "the owner panics no more", "panicking() says that it does");
          expect(scope([](Scope inside) {
                   detach(spawn(inside, [] { return panics("a thread's panic"); }));
                   return returns();
                 }),
                 panicked());
          expect(!panicking(), "the owner panics no more", "panicking() says that it does");
        });

const auto payload_must_not_panic_in_its_drop =
    clause("SCOPE-204")
        .profile(everywhere,
                 "The process aborts when a payload that nobody took panics in its destructor.")
        .source(
            "Rust 1.63, library/std/src/thread/mod.rs: Packet::drop; "
            "Rust 1.95, library/std/src/thread/lifecycle.rs: Packet::drop")
        .needs({Feature::scope, Feature::scope_drop, Feature::panic, Feature::thread_panics})
        .dies_of(SIGABRT)
        .example([] {
          const Value payload =
              value("payload").when_dropped([] { return panics("the payload's own panic"); });
          const Closure body = closure("scope body", [=](Scope inside) {
            const Signal on;
            const JoinHandle handle = spawn(inside, [=] {
              on.wait();
              return panics(payload);
            });
            detach(handle);
            expect_death();
            on.set();
            return returns();
          });
          static_cast<void>(scope(body));
        });

}  // namespace
}  // namespace heddle::conformance
