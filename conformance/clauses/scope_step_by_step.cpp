// The end of a scope's last thread, instruction by instruction, while the scope looks whether it
// has to wait.
#include <memory>

#include "stage/stage.hpp"
#include "stage/stepping.hpp"

namespace heddle::conformance {
namespace {

const auto last_thread_ends_step_by_step =
    clause("SCOPE-340")
        .must(
            "A scope whose body returns while its last thread ends returns too, whichever "
            "instruction of that end comes first.")
        .source(
            "heddle/subject.h, heddle_scopes.scope; "
            "Rust documentation, std::thread::scope; "
            "Rust 1.63, library/std/src/thread/scoped.rs: "
            "ScopeData::decrement_num_running_threads; "
            "Rust 1.95, library/std/src/thread/scoped.rs: ScopeData::decrement_num_running_threads",
            "Runs the body with the scope as `argument`, then waits for every thread spawned in "
            "it. RETURNED: the body's value.")
        .needs({Feature::scope, Feature::scope_drop})
        .example([](std::uint32_t stride) {
          const Stepping stepping("the end of the scope's thread", {.stride = stride});
          bool is_held = true;
          for (std::uint32_t round = 0; is_held || round == 1; ++round) {
            const Closure scoped = closure("scoped", [] { return returns(); });
            scoped.captured().when_dropped([=] {
              stepping.begin(round);
              return returns();
            });
            const auto held = std::make_shared<bool>(false);
            const Outcome outcome = scope(closure("scope's body", [=](Scope inside) {
              detach(spawn(inside, scoped));
              *held = stepping.await_place(round);
              return returns();
            }));
            stepping.leave(round);
            expect(outcome, returned());
            is_held = *held;
          }
        });

}  // namespace
}  // namespace heddle::conformance
