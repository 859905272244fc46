// The smoke checks: is the adapter in order? They check only what every clause relies on.
#include "stage/stage.hpp"

namespace heddle::conformance {
namespace {

const auto bodies_are_run_with_their_env =
    clause("SMOKE-001")
        .must("A spawned body is run with what it captured, and join ends.")
        .source(
            "heddle/subject.h, heddle_spawning.spawn; "
            "heddle/subject.h, heddle_body",
            "Starts a thread that runs `body`.")
        .needs({Feature::spawn, Feature::join})
        .example([] {
          const Closure body = closure("body", [] { return returns(); });
          const Outcome joined = join(spawn(body));
          expect(joined, returned());
          expect_equal(body.runs(), 1, "how often the body ran");
        });

const auto values_cross =
    clause("SMOKE-002")
        .must("A value that a body returns comes out of join under the same cookie.")
        .source(
            "heddle/subject.h, heddle_spawning.join; "
            "heddle/subject.h, rule 3",
            "Eats the join handle and waits for the thread. RETURNED: `value` is the body's "
            "cookie.")
        .needs({Feature::spawn, Feature::join, Feature::thread_values})
        .example([] {
          const Value result = value("result");
          expect(join(spawn([=] { return returns(result); })), returned(result));
        });

const auto panics_cross =
    clause("SMOKE-003")
        .must("A body's outcome is carried out: it returns, it panics, and it enters a local.")
        .source(
            "heddle/subject.h, heddle_body; "
            "heddle/subject.h, heddle_tag",
            "The body writes to `out` how it wants to end; the adapter then does so, with its own "
            "language's means.")
        .needs({Feature::panic})
        .example([] {
          const Value result = value("result");
          expect(catch_unwind([=] { return returns(result); }), returned(result));
          const Value payload = value("payload");
          expect(catch_unwind([=] { return panics(payload); }), caught(payload));
          const Value local = value("local");
          const Closure inner = closure("inner", [] { return returns(); });
          expect(catch_unwind([=] { return enters(local, inner); }), returned());
          expect_equal(inner.runs(), 1, "how often the inner body ran");
        });

const auto scopes_are_handed_over =
    clause("SMOKE-004")
        .must("A scope's body is run, with a scope that can spawn.")
        .source("heddle/subject.h, heddle_scopes.scope",
                "Runs the body with the scope as `argument`, then waits for every thread spawned "
                "in it.")
        .needs({Feature::scope, Feature::scope_join})
        .example([] {
          const Value result = value("result");
          expect(scope([=](Scope inside) {
                   expect(inside.scope != nullptr, "the body's argument is the scope",
                          "it was null");
                   expect(join(spawn(inside, [] { return returns(); })), returned());
                   return returns(result);
                 }),
                 returned(result));
        });

const auto slots_are_accessible =
    clause("SMOKE-005")
        .must("Every declared slot can be accessed, and holds the value that it was given.")
        .source("heddle/subject.h, heddle_tls.with",
                "Runs the body with the address of the value (a uint64_t) as argument.")
        .needs({Feature::tls_lazy})
        .example([] {
          for (std::uint32_t number = 0; number < slots_of(HEDDLE_STORAGE_LAZY); ++number) {
            const Value initial = value("initial");
            initialise(lazy_slot(number), [=] { return returns(initial); });
            expect(read(lazy_slot(number)) == initial,
                   "the address that the body is handed holds the slot's cookie",
                   "it holds another");
          }
        });

}  // namespace
}  // namespace heddle::conformance
