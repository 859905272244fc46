// Output capture: where print, eprint and panic messages go, and which threads share a sink.
#include <fmt/format.h>
#include <cerrno>
#include <csignal>

#include "stage/stage.hpp"

namespace heddle::conformance {
namespace {

// Citations of more than one clause.
constexpr std::string_view sources_of_print =
    "Rust 1.63, library/std/src/io/stdio.rs: print_to; "
    "Rust 1.95, library/std/src/io/stdio.rs: print_to_buffer_if_capture_used";
constexpr std::string_view sources_of_spawn =
    "Rust 1.63, library/std/src/thread/mod.rs: Builder::spawn_unchecked_; "
    "Rust 1.95, library/std/src/thread/lifecycle.rs: spawn_unchecked";

void expect_printed(std::string_view actual, std::string_view expected, std::string_view where) {
  expect(actual == expected, fmt::format("what was printed to {} is \"{}\"", where, expected),
         fmt::format("it is \"{}\"", actual));
}

void expect_contains(std::string_view actual, std::string_view part, std::string_view where) {
  expect(actual.find(part) != std::string_view::npos, fmt::format("{} has \"{}\"", where, part),
         fmt::format("it has \"{}\"", actual));
}

Ending panics_quietly() {
  return panics("a panic that says so");
}

const auto nothing_is_captured_by_itself =
    clause("OUTPUT-176")
        .profile(everywhere,
                 "Nothing is captured until a thread sets a sink; setting one gives back the "
                 "previous one.")
        .source(
            "Rust 1.63, library/std/src/io/stdio.rs: set_output_capture; "
            "Rust 1.95, library/std/src/io/stdio.rs: set_output_capture",
            "Sets the thread-local output capture buffer and returns the old one.")
        .needs({Feature::output_capture})
        .example([] {
          const RealStream real(Stream::output);
          print("before\n");
          const Sink first = new_sink();
          expect(capture_output(first).handle == nullptr, "there is no sink at first");
          print("first\n");
          const Sink previous = capture_output(new_sink());
          expect(previous.handle != nullptr, "setting a second sink gives back the first");
          print("second\n");
          expect_printed(text_of(previous), "first\n", "the first sink");
          const Sink second = captured_output();
          print("after\n");
          expect_printed(text_of(second), "second\n", "the second sink");
          expect(capture_output({}).handle == nullptr, "there is no sink in the end");
          expect_printed(real.text(), "before\nafter\n", "the real stream");
          drop(previous);
          drop(second);
        });

const auto both_streams =
    clause("OUTPUT-301")
        .profile(
            everywhere,
            "What a thread with a sink prints, to either stream, goes to the sink alone, in order.")
        .source(sources_of_print)
        .needs({Feature::output_capture})
        .example([] {
          const RealStream output(Stream::output);
          const RealStream error(Stream::error);
          capture_output(new_sink());
          print("one\n", Stream::output);
          print("two\n", Stream::error);
          print("three\n", Stream::output);
          const Sink sink = captured_output();
          expect_printed(text_of(sink), "one\ntwo\nthree\n", "the sink");
          expect_printed(output.text(), "", "standard output");
          expect_printed(error.text(), "", "standard error");
          drop(sink);
        });

const auto panic_messages =
    clause("OUTPUT-302")
        .profile(everywhere, "The message of a panic goes to the sink of its thread.")
        .source(
            "Rust 1.63, library/std/src/panicking.rs: default_hook; "
            "Rust 1.95, library/std/src/panicking.rs: default_hook")
        .needs({Feature::output_capture, Feature::panic})
        .example([] {
          const RealStream error(Stream::error);
          capture_output(new_sink());
          expect(catch_unwind(panics_quietly), caught());
          const Sink sink = captured_output();
          expect_contains(text_of(sink), "a panic that says so", "the sink");
          expect_printed(error.text(), "", "standard error");
          drop(sink);
        });

const auto panic_message_comes_once =
    clause("OUTPUT-390")
        .profile(everywhere, "The message of a panic is written to the sink once.")
        .source(
            "Rust 1.63, library/std/src/panicking.rs: default_hook; "
            "Rust 1.95, library/std/src/panicking.rs: default_hook")
        .needs({Feature::output_capture, Feature::panic})
        .example([] {
          capture_output(new_sink());
          expect(catch_unwind(panics_quietly), caught());
          const Sink sink = captured_output();
          const std::string text = text_of(sink);
          constexpr std::string_view message = "a panic that says so";
          expect(
              text.find(message) != std::string::npos && text.find(message) == text.rfind(message),
              "the sink has the message once", text);
          drop(sink);
        });

const auto other_threads =
    clause("OUTPUT-303")
        .profile(
            everywhere,
            "A sink is its thread's alone: a thread that was started before prints to the real "
            "stream.")
        .source(
            "Rust 1.63, library/std/src/io/stdio.rs: OUTPUT_CAPTURE; "
            "Rust 1.95, library/std/src/io/stdio.rs: OUTPUT_CAPTURE")
        .needs({Feature::spawn, Feature::join, Feature::output_capture})
        .example([] {
          const RealStream real(Stream::output);
          const Signal may_print;
          const JoinHandle thread = spawn([=] {
            may_print.wait();
            print("elsewhere\n");
            return returns();
          });
          capture_output(new_sink());
          may_print.set();
          expect(join(thread), returned());
          const Sink sink = captured_output();
          expect_printed(text_of(sink), "", "the sink");
          expect_printed(real.text(), "elsewhere\n", "the real stream");
          drop(sink);
        });

// Runs a thread that prints, and starts another that prints, too.
void print_two_deep() {
  expect(join(spawn([] {
           print("child\n");
           expect(join(spawn([] { return print("grandchild\n"), returns(); })), returned());
           return returns();
         })),
         returned());
}

const auto inherited =
    clause("OUTPUT-177")
        .profile({"rust-1.63..1.83", "heddle"},
                 "A thread inherits the sink of the thread that starts it, and passes it on to "
                 "those that it starts.")
        .source(
            "Rust 1.63, library/std/src/thread/mod.rs: Builder::spawn_unchecked_; "
            "rust-lang/rust#125405")
        .needs({Feature::spawn, Feature::join, Feature::output_capture})
        .example([] {
          const RealStream real(Stream::output);
          capture_output(new_sink());
          print_two_deep();
          const Sink sink = captured_output();
          expect_printed(text_of(sink), "child\ngrandchild\n", "the sink");
          expect_printed(real.text(), "", "the real stream");
          drop(sink);
        });

const auto scoped_threads_inherit =
    clause("OUTPUT-304")
        .profile({"rust-1.63..1.83", "heddle"},
                 "A scoped thread inherits the sink of the thread that starts it.")
        .source(
            "Rust 1.63, library/std/src/thread/mod.rs: Builder::spawn_unchecked_; "
            "rust-lang/rust#125405")
        .needs({Feature::scope, Feature::scope_join, Feature::output_capture})
        .example([] {
          capture_output(new_sink());
          expect(scope(closure("body",
                               [](Scope inside) {
                                 const JoinHandle thread =
                                     spawn(inside, [] { return print("scoped\n"), returns(); });
                                 expect(join(thread), returned());
                                 return returns();
                               })),
                 returned());
          const Sink sink = captured_output();
          expect_printed(text_of(sink), "scoped\n", "the sink");
          drop(sink);
        });

const auto not_inherited =
    clause("OUTPUT-305")
        .profile({"rust-1.84.."},
                 "A thread does not inherit the sink of the thread that starts it.")
        .source(
            "Rust 1.95, library/std/src/thread/lifecycle.rs: spawn_unchecked; "
            "rust-lang/rust#125405")
        .needs({Feature::spawn, Feature::join, Feature::output_capture})
        .example([] {
          const RealStream real(Stream::output);
          capture_output(new_sink());
          print_two_deep();
          const Sink sink = captured_output();
          expect_printed(text_of(sink), "", "the sink");
          expect_printed(real.text(), "child\ngrandchild\n", "the real stream");
          drop(sink);
        });

const auto parent_keeps_its_own =
    clause("OUTPUT-178")
        .profile(everywhere,
                 "A thread keeps its sink when it starts another thread, whatever sink the "
                 "other sets.")
        .source(sources_of_spawn)
        .needs({Feature::spawn, Feature::join, Feature::output_capture})
        .example([] {
          capture_output(new_sink());
          expect(join(spawn([] {
                   const Sink previous = capture_output(new_sink());
                   if (previous.handle != nullptr) {
                     drop(previous);
                   }
                   print("child\n");
                   return returns();
                 })),
                 returned());
          print("parent\n");
          const Sink sink = captured_output();
          expect_printed(text_of(sink), "parent\n", "the parent's sink");
          drop(sink);
        });

const auto refused_spawn =
    clause("OUTPUT-306")
        .profile(everywhere,
                 "A refused spawn leaves the caller its sink, and keeps no reference to the "
                 "sink.")
        .source(sources_of_spawn)
        .needs({Feature::spawn, Feature::join, Feature::output_capture})
        .fault(fails(HEDDLE_INJECT_PTHREAD_CREATE, EAGAIN))
        .example([] {
          expect(join(spawn([] { return returns(); })), returned());  // looks up symbols once
          capture_output(new_sink());
          expect(armed([] { return try_spawn([] { return returns(); }); }), refused_with(EAGAIN));
          print("still here\n");
          const Sink sink = captured_output();
          expect_printed(text_of(sink), "still here\n", "the sink");
          expect_equal(references(sink), 1, "the references to the sink");
          drop(sink);
        });

const auto released_with_the_thread =
    clause("OUTPUT-179")
        .profile({"rust-1.63..1.83", "heddle"},
                 "A thread that has been joined has released its sink.")
        .source(
            "Rust 1.63, library/std/src/io/stdio.rs: OUTPUT_CAPTURE; "
            "rust-lang/rust#125405")
        .needs({Feature::spawn, Feature::join, Feature::output_capture})
        .example([] {
          capture_output(new_sink());
          const Signal may_end;
          const JoinHandle thread = spawn([=] {
            print("child\n");
            may_end.wait();
            return returns();
          });
          const Sink sink = captured_output();
          expect_equal(references(sink), 2, "the references to the sink while its thread runs");
          may_end.set();
          expect(join(thread), returned());
          expect_equal(references(sink), 1, "the references to the sink after the join");
          drop(sink);
        });

const auto nested_print =
    clause("OUTPUT-180")
        .profile(everywhere,
                 "What is printed while another text is being made goes to the real stream, and "
                 "the sink is back afterwards.")
        .source(sources_of_print)
        .needs({Feature::output_capture})
        .example([] {
          const RealStream error(Stream::error);
          capture_output(new_sink());
          expect(print_with([] {
                   print("nested\n", Stream::error);
                   return returns_text("outer\n");
                 }),
                 returned());
          print("after\n");
          const Sink sink = captured_output();
          expect_printed(text_of(sink), "outer\nafter\n", "the sink");
          expect_printed(error.text(), "nested\n", "the real stream");
          drop(sink);
        });

const auto made_texts =
    clause("OUTPUT-370")
        .profile(everywhere,
                 "A text that is made while it is printed is printed once: to the sink of its "
                 "thread if it has one, else to its stream.")
        .source(sources_of_print)
        .needs({Feature::output_capture})
        .example([] {
          const RealStream output(Stream::output);
          const RealStream error(Stream::error);
          const auto print_both = [](std::string_view text_for_output, std::string_view text) {
            expect(print_with([=] { return returns_text(text_for_output); }), returned());
            expect(print_with([=] { return returns_text(text); }, Stream::error), returned());
          };
          print_both("one\n", "two\n");
          capture_output(new_sink());
          print_both("three\n", "four\n");
          const Sink sink = captured_output();
          expect_printed(text_of(sink), "three\nfour\n", "the sink");
          expect_printed(output.text(), "one\n", "standard output");
          expect_printed(error.text(), "two\n", "standard error");
          drop(sink);
        });

const auto panic_while_printing =
    clause("OUTPUT-307")
        .profile({"rust-1.63..1.83", "heddle"},
                 "A thread that panics while it makes a text loses its sink; threads that share "
                 "the sink keep it.")
        .source("Rust 1.63, library/std/src/io/stdio.rs: print_to")
        .needs({Feature::spawn, Feature::join, Feature::panic, Feature::output_capture})
        .example([] {
          const RealStream output(Stream::output);
          const RealStream error(Stream::error);
          capture_output(new_sink());
          expect(join(spawn([] {
                   expect(print_with(panics_quietly), panicked());
                   print("lost its sink\n");
                   return returns();
                 })),
                 returned());
          print("has its sink\n");
          const Sink sink = captured_output();
          expect_printed(text_of(sink), "has its sink\n", "the sink");
          expect_printed(output.text(), "lost its sink\n", "standard output");
          expect_contains(error.text(), "a panic that says so", "standard error");
          drop(sink);
        });

// Starts a thread on which `action` runs in a destructor after the sink's.
void run_after_the_sink_is_gone(std::function<void()> action) {
  const Value local = value("thread local").when_dropped([action] { return action(), returns(); });
  starts_as(lazy_slot(0), local);
  expect(join(spawn([] {
           touch(lazy_slot(0));  // registered first, and so destroyed last
           capture_output(new_sink());
           return returns();
         })),
         returned());
  expect_dropped(local);
}

const auto sink_is_gone =
    clause("OUTPUT-308")
        .profile(everywhere,
                 "Once a thread's sink has been destroyed with its thread locals, printing goes to "
                 "the real stream.")
        .source(sources_of_print)
        .needs({Feature::spawn, Feature::join, Feature::tls_lazy, Feature::output_capture})
        .example([] {
          const RealStream real(Stream::output);
          run_after_the_sink_is_gone([] { print("late\n"); });
          expect_printed(real.text(), "late\n", "the real stream");
        });

const auto late_panic =
    clause("OUTPUT-309")
        .profile({"rust-1.79..", "heddle"},
                 "Once a thread's sink has been destroyed with its thread locals, the message of a "
                 "panic goes to standard error.")
        .source(
            "Rust 1.95, library/std/src/panicking.rs: default_hook; "
            "Rust 1.95, library/std/src/io/stdio.rs: try_set_output_capture; "
            "rust-lang/rust#122882")
        .needs({Feature::spawn, Feature::join, Feature::panic, Feature::tls_lazy,
                Feature::output_capture})
        .example([] {
          const RealStream error(Stream::error);
          run_after_the_sink_is_gone([] { expect(catch_unwind(panics_quietly), caught()); });
          expect_contains(error.text(), "a panic that says so", "standard error");
        });

const auto late_panic_aborts =
    clause("OUTPUT-310")
        .profile({"rust-1.63..1.78"},
                 "Once a thread's sink has been destroyed with its thread locals, a panic aborts "
                 "the process.")
        .source(
            "Rust 1.63, library/std/src/panicking.rs: default_hook; "
            "Rust 1.63, library/std/src/io/stdio.rs: set_output_capture; "
            "rust-lang/rust#122882")
        .needs({Feature::spawn, Feature::join, Feature::panic, Feature::tls_lazy,
                Feature::output_capture})
        .dies_of(SIGABRT, "thread panicked while processing panic")
        .example([] {
          run_after_the_sink_is_gone([] {
            expect_death();
            static_cast<void>(catch_unwind(panics_quietly));
          });
        });

}  // namespace
}  // namespace heddle::conformance
