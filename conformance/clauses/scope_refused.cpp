// Scopes in which the system refuses a thread.
#include <cerrno>
#include <vector>

#include "clauses/late_thread.hpp"
#include "stage/stage.hpp"

namespace heddle::conformance {
namespace {

const auto scope_survives_a_refused_thread =
    clause("SCOPE-195")
        .must(
            "When the system refuses a scope one of its threads, the others run, and the scope "
            "returns after them.")
        .source(
            "heddle/subject.h, heddle_scopes.scope; "
            "Rust documentation, std::thread::Builder::spawn_scoped",
            "Runs the body with the scope as `argument`, then waits for every thread spawned in "
            "it.")
        .needs({Feature::scope, Feature::scope_drop, Feature::kernel_threads})
        .fault(fails(HEDDLE_INJECT_PTHREAD_CREATE, EAGAIN))
        .example([] {
          const Signal first_ended;
          const Signal last_ended;
          const auto owner = kernel_thread_id();
          const Closure refused_one = closure("refused thread", [] { return returns(); });
          const Closure body = closure("scope body", [=](Scope inside) {
            detach(spawn(inside, late(owner, first_ended)));
            const Outcome spawned = armed([=] { return try_spawn(inside, refused_one); });
            need_refusal(spawned, refused_one);
            expect(spawned, refusal(EAGAIN));
            detach(spawn(inside, late(owner, last_ended)));
            return returns();
          });
          expect(scope(body), returned());
          expect_ended(first_ended);
          expect_ended(last_ended);
          expect_equal(refused_one.runs(), 0, "how often the refused body ran");
          expect_dropped(refused_one.captured());
        });

const auto every_thread_refused =
    clause("SCOPE-318")
        .must("A scope returns even when the system has refused all its threads.")
        .source(
            "heddle/subject.h, heddle_scopes.scope; "
            "Rust documentation, std::thread::Builder::spawn_scoped",
            "Runs the body with the scope as `argument`, then waits for every thread spawned in "
            "it. RETURNED: the body's value.")
        .needs({Feature::scope, Feature::kernel_threads})
        .fault(fails_first(HEDDLE_INJECT_PTHREAD_CREATE, EAGAIN, 3))
        .example([] {
          const Closure body = closure("scope body", [](Scope inside) {
            armed([=] {
              for (int count = 0; count < 3; ++count) {
                const Closure refused_one = closure("refused thread", [] { return returns(); });
                const Outcome spawned = try_spawn(inside, refused_one);
                need_refusal(spawned, refused_one);
                expect(spawned, refusal());
              }
            });
            return returns();
          });
          expect(scope(body), returned());
        });

const auto refusal_panics_out_of_the_scope =
    clause("SCOPE-319")
        .must(
            "When the system refuses a thread to a scope's panicking spawn, the panic leaves the "
            "scope after the other threads have ended.")
        .source(
            "heddle/subject.h, heddle_spawning.spawn_or_panic; "
            "heddle/subject.h, heddle_scopes.spawn_or_panic; "
            "Rust documentation, std::thread::Scope::spawn",
            "The form of spawn that panics when the system refuses: RETURNED or PANICKED.")
        .needs({Feature::scope, Feature::scope_drop, Feature::spawn_or_panic, Feature::panic,
                Feature::kernel_threads})
        .fault(fails(HEDDLE_INJECT_PTHREAD_CREATE, EAGAIN))
        .example([] {
          const Signal ended;
          const auto owner = kernel_thread_id();
          const Value payload = value("payload");
          const Closure refused_one = closure("refused thread", [] { return returns(); });
          const Closure body = closure("scope body", [=](Scope inside) {
            detach(handle_of(try_spawn_or_panic(inside, late(owner, ended))));
            const Outcome spawned = armed([=] { return try_spawn_or_panic(inside, refused_one); });
            need_refusal(spawned, refused_one);
            expect(spawned, panicked());
            return resumes(payload);  // the panic goes on through the body
          });
          expect(scope(body), panicked(payload));
          expect_ended(ended);
          expect_dropped(refused_one.captured());
        });

}  // namespace
}  // namespace heddle::conformance
