// Is the adapter in order? What every clause leans on, and nothing that a runtime could promise.
#include "stage/stage.hpp"

namespace heddle::conformance {
namespace {

const auto bodies_are_run_with_their_env =
    clause("SMOKE-001")
        .must("A spawned body is run with what it captured, and join ends.")
        .source("subject.h: heddle_spawning.spawn, heddle_body")
        .needs({Feature::spawn, Feature::join})
        .example([] {
          const Closure body = closure("body", [] { return returns(); });
          const Outcome joined = join(spawn(body));
          expect(joined, returned());
          expect_equal(static_cast<std::uint64_t>(body.runs()), 1, "how often the body ran");
        });

const auto values_cross =
    clause("SMOKE-002")
        .must("A value that a body returns comes out of join under the same cookie.")
        .source("subject.h: rule 3, heddle_spawning.join")
        .needs({Feature::spawn, Feature::join, Feature::thread_values})
        .example([] {
          const Value result = value("result");
          expect(join(spawn([=] { return returns(result); })), returned(result));
        });

const auto panics_cross =
    clause("SMOKE-003")
        .must("A body's outcome is carried out: it returns, it panics, and it enters a local.")
        .source("subject.h: enum heddle_tag")
        .needs({Feature::panic})
        .example([] {
          const Value result = value("result");
          expect(catch_unwind([=] { return returns(result); }), returned(result));
          const Value payload = value("payload");
          expect(catch_unwind([=] { return panics(payload); }), caught(payload));
          const Value local = value("local");
          const Closure inner = closure("inner", [] { return returns(); });
          expect(catch_unwind([=] { return enters(local, inner); }), returned());
          expect_equal(static_cast<std::uint64_t>(inner.runs()), 1, "how often the inner body ran");
        });

const auto scopes_are_handed_over =
    clause("SMOKE-004")
        .must("A scope's body is run, with a scope that can spawn.")
        .source("subject.h: heddle_scopes")
        .needs({Feature::scope, Feature::scope_join})
        .example([] {
          const Value result = value("result");
          expect(scope([=](void* argument) {
                   expect(argument != nullptr, "the body's argument is the scope", "it was null");
                   expect(join(spawn(scope_at(argument), [] { return returns(); })), returned());
                   return returns(result);
                 }),
                 returned(result));
        });

const auto slots_are_accessible =
    clause("SMOKE-005")
        .must("Every declared slot can be accessed, and holds the value that it was given.")
        .source("subject.h: heddle_tls")
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
