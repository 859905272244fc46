// The panic hook: what it sees, which threads may take it, and on how many threads it runs at once.
#include <unistd.h>

#include <csignal>
#include <string>

#include "stage/stage.hpp"

namespace heddle::conformance {
namespace {

const auto hook_is_part_of_the_panic =
    clause("JOIN-322")
        .must("panicking() is true in the panic hook.")
        .source(
            "Rust documentation, std::thread::panicking; "
            "Rust 1.63, library/std/src/panicking.rs: rust_panic_with_hook; "
            "Rust 1.95, library/std/src/panicking.rs: panic_with_hook",
            "Determines whether the current thread is unwinding because of panic.")
        .needs({Feature::panic, Feature::panicking, Feature::hook})
        .example([] {
          const Counter panicking_in_hook;
          set_hook();
          set_hook_action([=](std::string_view) {
            panicking_in_hook.set(panicking() ? 1 : 0);
            return returns();
          });
          expect(catch_unwind([] { return panics("unwinds"); }), caught_literal("unwinds"));
          expect(panicking_in_hook.get() == 1, "panicking() is true in the hook", "it was false");
        });

const auto hook_is_handed_over =
    clause("JOIN-323")
        .must("take_hook hands out the hook that was set, and leaves the runtime's own.")
        .source(
            "heddle/subject.h, heddle_panics.take_hook; "
            "Rust documentation, std::panic::take_hook",
            "Takes the hook out, leaving the runtime's own.")
        .needs({Feature::panic, Feature::hook})
        .example([] {
          const Counter hooks;
          set_hook_action([=](std::string_view) { return hooks.add(), returns(); });
          const auto panic = [] {
            expect(catch_unwind([] { return panics("unwinds"); }), caught_literal("unwinds"));
          };
          set_hook();
          panic();
          expect_equal(hooks.get(), 1, "how often the hook ran");
          expect_equal(take_hook().number(), 1, "how many of our hooks the first taking gave");
          panic();
          expect_equal(hooks.get(), 1, "how often the hook ran, once it was taken");
          expect_equal(take_hook().number(), 0, "how many of our hooks the second taking gave");
          set_hook();
          panic();
          expect_equal(hooks.get(), 2, "how often the hook ran, once it was set again");
        });

// Each hook waits in the barrier for the other.
const auto hooks_run_side_by_side =
    clause("JOIN-324")
        .profile(everywhere, "Threads that panic at the same time run the hook at the same time.")
        .source(
            "Rust 1.63, library/std/src/panicking.rs: rust_panic_with_hook; "
            "Rust 1.95, library/std/src/panicking.rs: panic_with_hook")
        .needs({Feature::spawn, Feature::join, Feature::thread_panics, Feature::hook})
        .example([] {
          const Barrier both_in_the_hook(2);
          set_hook();
          set_hook_action([=](std::string_view) { return both_in_the_hook.wait(), returns(); });
          const JoinHandle one = spawn([] { return panics("one"); });
          const JoinHandle other = spawn([] { return panics("other"); });
          expect(join(one), caught_literal("one"));
          expect(join(other), caught_literal("other"));
        });

const auto hook_hears_of_the_last_panic =
    clause("JOIN-325")
        .profile(everywhere,
                 "The hook also runs for a thread's second panic, before that panic aborts the "
                 "process.")
        .source(
            "Rust 1.63, library/std/src/panicking.rs: rust_panic_with_hook; "
            "Rust 1.95, library/std/src/panicking.rs: panic_with_hook; "
            "Rust 1.95, library/core/src/panicking.rs: panic_in_cleanup")
        .needs({Feature::panic, Feature::hook})
        .dies_of(SIGABRT, "the hook heard: the second panic")
        .example([] {
          set_hook();
          set_hook_action([](std::string_view message) {
            const std::string heard = "the hook heard: " + std::string(message) + "\n";
            // If the process lives on, the judge misses the text.
            static_cast<void>(!::write(STDERR_FILENO, heard.data(), heard.size()));
            return returns();
          });
          expect_death();
          static_cast<void>(unwind_through([] { return panics("the second panic"); }));
        });

const auto taking_the_hook_while_panicking =
    clause("JOIN-326")
        .profile({"rust-1.71.."}, "A thread that unwinds cannot take the hook: take_hook panics.")
        .source("Rust documentation, std::panic::take_hook",
                "Panics if called from a panicking thread.")
        .needs({Feature::panic, Feature::hook})
        .example([] {
          expect(unwind_through([] {
                   expect(take_hook(), panicked());
                   return returns();
                 }),
                 caught_literal("the first panic"));
        });

const auto taking_the_hook_while_panicking_aborts =
    clause("JOIN-327")
        .profile({"rust-1.63..1.70", "heddle"},
                 "A thread that unwinds cannot take the hook: take_hook aborts the process.")
        .source(
            "Rust 1.63, library/std/src/panicking.rs: take_hook; "
            "Rust 1.63, library/std/src/panicking.rs: rust_panic_with_hook; "
            "rust-lang/rust#110975")
        .needs({Feature::panic, Feature::hook})
        .dies_of(SIGABRT)
        .example([] {
          expect_death();
          static_cast<void>(unwind_through([] { return take_hook(), returns(); }));
        });

const auto message_of_the_own_hook =
    clause("JOIN-375")
        .profile(everywhere,
                 "The runtime's own hook writes once who panicked, and once what the panic said.")
        .source(
            "Rust 1.63, library/std/src/panicking.rs: default_hook; "
            "Rust 1.95, library/std/src/panicking.rs: default_hook")
        .needs({Feature::names, Feature::spawn, Feature::join, Feature::thread_panics})
        .example([] {
          const RealStream error(Stream::error);
          const Closure body = closure("body", [] { return panics("the yarn broke"); });
          expect(join(spawn(body, {.name = "weaver"})), caught_literal("the yarn broke"));
          const std::string text = error.text();
          for (const char* const part : {"thread 'weaver'", "panicked", "the yarn broke"}) {
            const std::size_t found = text.find(part);
            expect(found != std::string::npos && text.find(part, found + 1) == std::string::npos,
                   std::string("one time ") + part, text);
          }
        });

}  // namespace
}  // namespace heddle::conformance
