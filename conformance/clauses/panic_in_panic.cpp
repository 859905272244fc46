// Panics after which a runtime cannot go on: in a drop while unwinding, in the hook, from outside.
#include <csignal>

#include "stage/stage.hpp"

namespace heddle::conformance {
namespace {

Ending panics_again() {
  return panics("the second panic");
}

Ending catches_a_panic() {
  expect(catch_unwind(panics_again), caught_literal("the second panic"));
  return returns();
}

const auto drop_panics_while_unwinding =
    clause("JOIN-165")
        .profile(everywhere,
                 "A panic that leaves a drop while the thread unwinds aborts the process.")
        .source(
            "Rust documentation, std::ops::Drop::drop; "
            "Rust 1.63, library/std/src/panicking.rs: rust_panic_with_hook; "
            "Rust 1.95, library/core/src/panicking.rs: panic_in_cleanup")
        .needs({Feature::panic})
        .dies_of(SIGABRT)
        .example([] {
          expect_death();
          static_cast<void>(unwind_through(panics_again));  // dies, or the judge says so
        });

const auto panic_inside_of_a_drop_aborts =
    clause("JOIN-166")
        .profile({"rust-1.63..1.70", "heddle"},
                 "A panic inside a drop while the thread unwinds aborts the process, even if "
                 "the drop would catch it.")
        .source(
            "Rust 1.63, library/std/src/panicking.rs: rust_panic_with_hook; "
            "rust-lang/rust#110975")
        .needs({Feature::panic})
        .dies_of(SIGABRT)
        .example([] {
          expect_death();
          static_cast<void>(unwind_through(catches_a_panic));
        });

const auto panic_inside_of_a_drop_is_caught =
    clause("JOIN-310")
        .profile({"rust-1.71.."},
                 "A panic inside a drop while the thread unwinds can be caught there, and the "
                 "first panic goes on.")
        .source(
            "Rust 1.95, library/std/src/panicking.rs: panic_with_hook; "
            "rust-lang/rust#110975")
        .needs({Feature::panic})
        .example(
            [] { expect(unwind_through(catches_a_panic), caught_literal("the first panic")); });

const auto hook_panics =
    clause("JOIN-168")
        .profile(everywhere, "A panic in the panic hook aborts the process.")
        .source(
            "Rust 1.63, library/std/src/panicking.rs: rust_panic_with_hook; "
            "Rust 1.95, library/std/src/panicking.rs: panic_with_hook")
        .needs({Feature::panic, Feature::hook})
        .dies_of(SIGABRT)
        .example([] {
          set_hook();
          set_hook_action([](std::string_view) { return panics_again(); });
          expect_death();
          static_cast<void>(catch_unwind([] { return panics("the first panic"); }));
        });

Outcome replace_the_hook() {
  heddle_outcome raw{};
  subject().panics->set_hook(1, &raw);
  return Outcome("set_hook", raw, false);
}

const auto hook_of_a_panicking_thread =
    clause("JOIN-169")
        .profile({"rust-1.71.."}, "A thread that unwinds cannot replace the hook: set_hook panics.")
        .source("Rust documentation, std::panic::set_hook",
                "Panics if called from a panicking thread.")
        .needs({Feature::panic, Feature::hook})
        .example([] {
          expect(unwind_through([] {
                   expect(replace_the_hook(), panicked());
                   return returns();
                 }),
                 caught_literal("the first panic"));
        });

const auto hook_of_a_panicking_thread_aborts =
    clause("JOIN-311")
        .profile({"rust-1.63..1.70", "heddle"},
                 "A thread that unwinds cannot replace the hook: set_hook aborts the process.")
        .source(
            "Rust 1.63, library/std/src/panicking.rs: set_hook; "
            "Rust 1.63, library/std/src/panicking.rs: rust_panic_with_hook; "
            "rust-lang/rust#110975")
        .needs({Feature::panic, Feature::hook})
        .dies_of(SIGABRT)
        .example([] {
          expect_death();
          static_cast<void>(unwind_through([] {
            static_cast<void>(replace_the_hook());
            return returns();
          }));
        });

const auto text_of_the_message =
    clause("JOIN-171")
        .profile({"rust-1.63.."}, "The default hook prints thread, message and place.")
        .source(
            "Rust 1.63, library/std/src/panicking.rs: default_hook; "
            "Rust 1.95, library/std/src/panicking.rs: default_hook")
        .untested(
            "the place is the adapter's own; SPAWN-026 and SPAWN-311 ask for the thread's name");

const auto panic_on_a_foreign_thread =
    clause("JOIN-173")
        .profile(everywhere,
                 "A panic that reaches the bottom of a thread that the runtime did not start "
                 "aborts the process.")
        .source(
            "Rust 1.63, library/core/src/panicking.rs: panic_no_unwind; "
            "Rust 1.95, library/core/src/panicking.rs: panic_cannot_unwind")
        .untested("through the ABI every call catches: no panic reaches the bottom");

const auto foreign_exception =
    clause("JOIN-174")
        .profile({"rust-1.63.."},
                 "An exception of another language that reaches catch_unwind aborts the process.")
        .source(
            "Rust 1.63, library/std/src/panicking.rs: __rust_foreign_exception; "
            "Rust 1.95, library/std/src/panicking.rs: __rust_foreign_exception")
        .untested(
            "the suite brings its own unwinder, and an exception of that unwinder dies in the "
            "subject's before any catch sees it");

const auto payload_panics_in_main =
    clause("JOIN-175")
        .profile(everywhere,
                 "A payload of main's panic that panics when it is dropped aborts the process.")
        .source(
            "Rust 1.63, library/std/src/rt.rs: lang_start_internal; "
            "Rust 1.95, library/std/src/rt.rs: lang_start_internal")
        .untested("main's payload is not the suite's; JOIN-305 asks about other threads' payloads");

}  // namespace
}  // namespace heddle::conformance
