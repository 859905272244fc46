// An unpark and a park of one thread, whole, between any two instructions of each other. A wake-up
// can be lost between a look at the token and what is done about it, where no system call is made.
#include "clauses/surplus_token.hpp"
#include "stage/stage.hpp"
#include "stage/stepping.hpp"

namespace heddle::conformance {
namespace {

constexpr std::string_view sources_of_park =
    "Rust documentation, std::thread::park; "
    "Rust 1.63, library/std/src/sys_common/thread_parker/futex.rs: Parker; "
    "Rust 1.95, library/std/src/sys/sync/thread_parking/futex.rs: Parker";
constexpr std::string_view token_ends_park =
    "The thread::park function blocks the current thread unless or until the token is available "
    "for its thread handle, at which point it atomically consumes the token.";

// Steps this thread through `waits`, and has another thread unpark it after each instruction.
void expect_unparks_to_end(std::string_view name, const SteppedCall& waits) {
  const Stepping stepping(name);
  const ThreadHandle self = current_thread();
  const JoinHandle visitor = spawn([=] {
    stepping.visit([=] { unpark(self); });
    return returns();
  });
  stepping.step(waits);
  expect(join(visitor), returned());
  drop(self);
}

const auto unpark_after_each_instruction_of_a_park =
    clause("PARK-340")
        .must("An unpark ends a park, whichever instruction of the park it comes after.")
        .source(sources_of_park, token_ends_park)
        .needs({Feature::park, Feature::thread_handle, Feature::spawn, Feature::join})
        .example([] {
          expect_unparks_to_end("park", [](heddle_outcome* out) { subject().parking->park(out); });
        });

const auto unpark_after_each_instruction_of_a_timed_park =
    clause("PARK-341")
        .must("An unpark ends a park_timeout, whichever instruction of it the unpark comes after.")
        .source(
            "Rust documentation, std::thread::park_timeout; "
            "Rust 1.63, library/std/src/sys_common/thread_parker/futex.rs: Parker::park_timeout; "
            "Rust 1.95, library/std/src/sys/sync/thread_parking/futex.rs: Parker::park_timeout",
            "Blocks unless or until the current thread's token is made available or the specified "
            "duration has been reached (may wake spuriously).")
        .needs({Feature::park_timeout, Feature::thread_handle, Feature::spawn, Feature::join})
        .example([] {
          expect_unparks_to_end("park_timeout", [](heddle_outcome* out) {
            subject().parking->park_timeout(days, 0, out);
          });
        });

const auto park_after_each_instruction_of_an_unpark =
    clause("PARK-342")
        .must("A park is ended by an unpark, whichever instruction of the unpark it comes after.")
        .source(sources_of_park, token_ends_park)
        .needs({Feature::park, Feature::thread_handle, Feature::spawn, Feature::join})
        .example([] {
          const Stepping stepping("unpark");
          const ThreadHandle parking = current_thread();
          const JoinHandle stepped = spawn([=] {
            stepping.step(
                [=](heddle_outcome* out) { subject().threads->unpark(parking.handle, out); });
            return returns();
          });
          stepping.visit([] { park(); });
          expect(join(stepped), returned());
          drop(parking);
        });

}  // namespace
}  // namespace heddle::conformance
