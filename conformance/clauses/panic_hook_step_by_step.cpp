// A panic between any two instructions of the replacement of the hook.
#include "stage/stage.hpp"
#include "stage/stepping.hpp"

namespace heddle::conformance {
namespace {

const auto panics_while_the_hook_is_replaced =
    clause("JOIN-363")
        .must(
            "A panic runs the old hook or the new one, whichever instruction of set_hook the panic "
            "comes after.")
        .source(
            "heddle/subject.h, heddle_panics.set_hook; "
            "Rust documentation, std::panic::set_hook; "
            "Rust 1.63, library/std/src/panicking.rs: HOOK_LOCK; "
            "Rust 1.95, library/std/src/panicking.rs: HOOK",
            "on = 1: heddle_host.hook becomes the process's panic hook; 0: the runtime's own "
            "again.")
        .needs({Feature::spawn, Feature::join, Feature::panic, Feature::hook})
        .example([] {
          const Counter runs;
          set_hook_action([=](std::string_view) { return runs.add(), returns(); });
          set_hook();
          set_hook();  // binds what replacing calls
          const Stepping stepping("set_hook");
          const JoinHandle visitor = spawn([=] {
            stepping.visit([=] {
              const std::uint64_t before = runs.get();
              expect(catch_unwind([] { return panics("unwinds"); }), caught_literal("unwinds"));
              expect_equal(runs.get() - before, 1, "how many hooks one panic runs");
            });
            return returns();
          });
          expect(stepping.walk([](heddle_outcome* out) { subject().panics->set_hook(1, out); }),
                 returned());
          expect(join(visitor), returned());
        });

}  // namespace
}  // namespace heddle::conformance
