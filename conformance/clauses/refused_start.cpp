// The start of the runtime when the system refuses it something or others were there first, and the
// last words of a process.
#include <sys/wait.h>

#include <cerrno>
#include <csignal>
#include <string>

#include "clauses/in_child.hpp"
#include "stage/stage.hpp"

namespace heddle::conformance {
namespace {

constexpr std::string_view refused_calls = "impl/README.md, What happens when a call fails";

void expect_nothing_started() {
  for (const int signal : {SIGSEGV, SIGBUS}) {
    expect(action_of(signal).handler == SIG_DFL, "the signals of faults have their default actions",
           "one has a handler");
  }
  expect(!signal_stack(), "main has no signal stack", "it has one");
}

Outcome try_start() {
  note("calls start");
  heddle_outcome raw{};
  subject().process->start(&raw);
  return Outcome("start", raw, false);
}

const auto refused_start_changes_nothing =
    clause("STACK-390")
        .profile({"heddle"},
                 "When the system refuses main's signal stack, start returns the error and has "
                 "changed nothing; it can be called again.")
        .source(refused_calls)
        .needs({Feature::overflow_report, Feature::start})
        .fault(fails(HEDDLE_INJECT_MMAP, ENOMEM))
        .example([] {
          need_unclaimed_signals();
          expect(armed(try_start), refused_with(ENOMEM));
          expect_nothing_started();
          expect(try_start(), returned());
          expect(signal_stack().has_value(), "main has a signal stack now", "it has none");
        });

const auto unprotected_signal_stack_is_refused =
    clause("STACK-391")
        .profile({"heddle"},
                 "When the system refuses the guard of main's signal stack, start returns the "
                 "error and has changed nothing: what was mapped is unmapped, by one call.")
        .source(refused_calls)
        .needs({Feature::overflow_report, Feature::start})
        .fault(fails(HEDDLE_INJECT_MPROTECT, EACCES))
        .fault(counted(HEDDLE_INJECT_MUNMAP))
        .example([] {
          need_unclaimed_signals();
          expect(armed(try_start), refused_with(EACCES));
          expect_nothing_started();
          expect_equal(calls_counted(1), 1, "how often the memory was unmapped");
        });

Closure body_that_must_not_run() {
  return closure("body", [] {
    fail("the body does not run", "it runs");
    return returns();
  });
}

const auto refused_start_of_main =
    clause("STACK-392")
        .profile({"heddle"},
                 "When the system refuses main's signal stack, run_as_main runs nothing: the "
                 "process says so, with the call and its error, and aborts.")
        .source(refused_calls)
        .needs({Feature::overflow_report, Feature::run_as_main})
        .dies_of(SIGABRT,
                 "heddle: fatal: the runtime cannot start: mmap of a signal stack: Cannot "
                 "allocate memory (os error 12)\n")
        .fault(fails(HEDDLE_INJECT_MMAP, ENOMEM))
        .example([] {
          need_unclaimed_signals();
          const Closure body = body_that_must_not_run();
          heddle_outcome raw{};
          expect_death();
          armed(
              [&] { subject().process->run_as_main(run_closure, body.captured().cookie(), &raw); });
        });

// Runs `calls` in a child process, and expects that it aborts and has written exactly this text.
template <class Calls>
void expect_last_words(std::string_view text, Calls calls) {
  const RealStream error(Stream::error);
  const int status = status_of_child(calls);
  expect(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT, "the process aborts",
         "it has ended in another way");
  expect_equal(error.text(), text, "standard error");
}

const auto payload_of_main_dies_badly =
    clause("JOIN-391")
        .profile({"heddle"},
                 "When the payload of main's panic panics as it is dropped, the process says so "
                 "once, and aborts.")
        .source("impl/README.md, A program that owns `main`")
        .needs({Feature::run_as_main, Feature::panic, Feature::hook})
        .example([] {
          expect_last_words("heddle: fatal: the payload of main's panic panicked on drop\n", [] {
            set_hook();  // prints nothing
            const Value payload = value("payload").when_dropped(
                [] { return panics(value("payload of the second panic")); });
            const Closure body = closure("body", [=] { return panics(payload); });
            heddle_outcome raw{};
            subject().process->run_as_main(run_closure, body.captured().cookie(), &raw);
          });
        });

const auto overflow_is_told_once =
    clause("STACK-393")
        .profile({"heddle"}, "The report of an overflow has two lines, each of them once.")
        .source("impl/README.md, A program that owns `main`")
        .needs({Feature::spawn, Feature::join, Feature::names, Feature::overflow_report})
        .example([] {
          need_unclaimed_signals();
          expect_last_words(
              "\nthread 'weaver' has overflowed its stack\nheddle: fatal: stack overflow\n", [] {
                start_runtime();
                const Closure body = closure("body", [] {
                  overflow_stack();
                  return returns();
                });
                static_cast<void>(join(spawn(body, {.name = "weaver"})));
              });
        });

void ignore(int /*signal*/) {}

const auto no_guard_without_a_handler =
    clause("STACK-394")
        .profile({"heddle"},
                 "If SIGSEGV and SIGBUS have handlers before the runtime starts, no guard of main "
                 "and of the threads is known: no overflow will be reported.")
        .source("impl/README.md, A program that owns `main`")
        .needs({Feature::spawn, Feature::join, Feature::guard_range, Feature::overflow_report,
                Feature::start})
        .example([] {
          need_unclaimed_signals();
          excuse_under_thread_sanitizer("puts a handler of its own before every other");
          for (const int signal : {SIGSEGV, SIGBUS}) {
            static_cast<void>(::signal(signal, ignore));  // cannot fail: both can be handled
          }
          start_runtime_beside();
          expect(!known_guard(), "main has no guard", "it has one");
          on_spawned_thread([] { expect(!known_guard(), "a thread has no guard", "it has one"); });
        });

}  // namespace
}  // namespace heddle::conformance
