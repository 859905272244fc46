// Spawning: what becomes of the closure, and what the builder's settings do.
#include <cerrno>

#include "stage/stage.hpp"

namespace heddle::conformance {
namespace {

const auto closure_runs_once_elsewhere =
    clause("SPAWN-001")
        .must("The closure runs exactly once, on a thread of its own.")
        .source("Rust: std::thread::spawn; seed: Builder::spawn_unchecked_")
        .needs({Feature::spawn})
        .example([] {
          const Closure body = closure("body", [] { return returns(); });
          expect(join(spawn(body)), returned());
          expect_equal(static_cast<std::uint64_t>(body.runs()), 1, "how often the closure ran");
          expect(body.ran_on() != here(), "the closure runs on a thread of its own",
                 "it ran on the thread that spawned it");
        });

const auto refusal_is_an_error =
    clause("SPAWN-006")
        .must("When the system refuses a thread, the builder's spawn returns the error.")
        .source("Rust: std::thread::Builder::spawn, Errors; seed: Thread::new")
        .needs({Feature::spawn})
        .fault(fails(HEDDLE_INJECT_PTHREAD_CREATE, EAGAIN))
        .example([] {
          expect(join(spawn([] { return returns(); })), returned());  // resolves what is lazy
          const Outcome spawned = armed([] { return try_spawn([] { return returns(); }); });
          expect(spawned, refused_with(EAGAIN));
        });

const auto refused_closure_is_dropped_once =
    clause("SPAWN-007")
        .must(
            "A closure whose thread was refused never runs, and is dropped exactly once, on the "
            "caller, before spawn returns.")
        .source("seed: Thread::new, drop(Box::from_raw(p))")
        .needs({Feature::spawn})
        .fault(fails(HEDDLE_INJECT_PTHREAD_CREATE, EAGAIN))
        .example([] {
          const Closure body = closure("body", [] { return returns(); });
          const Outcome spawned = armed([=] { return try_spawn(body); });
          expect_dropped_on(body.captured(), here());
          expect_equal(static_cast<std::uint64_t>(body.runs()), 0, "how often the closure ran");
          expect(spawned, refused());
        });

}  // namespace
}  // namespace heddle::conformance
