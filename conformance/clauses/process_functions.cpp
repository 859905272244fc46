// The functions of heddle_process: a body that runs as main, and the end of the process.
#include <sys/wait.h>

#include <csignal>
#include <cstdint>

#include "clauses/in_child.hpp"
#include "stage/stage.hpp"

namespace heddle::conformance {
namespace {

constexpr int some_status = 7;

constexpr std::string_view run_as_main_returns_a_status =
    "start, the body as main, cleanup. RETURNED: `value` is the exit status: 101 after a panic.";

Outcome run_as_main(const Closure& body) {
  note("calls run_as_main");
  heddle_outcome raw{};
  subject().process->run_as_main(run_closure, body.captured().cookie(), &raw);
  return Outcome("run_as_main", raw, false);
}

Ending returns_status(int status) {
  Ending ending = returns();
  ending.outcome.value = static_cast<std::uint64_t>(status);
  return ending;
}

const auto body_as_main =
    clause("JOIN-353")
        .must(
            "run_as_main runs its body once, on the calling thread, and returns the status that "
            "the body returned.")
        .source("heddle/subject.h, heddle_process.run_as_main", run_as_main_returns_a_status)
        .needs({Feature::run_as_main})
        .example([] {
          const Closure body = closure("body", [] { return returns_status(some_status); });
          const Outcome ran = run_as_main(body);
          expect(ran, returned());
          expect_equal(ran.number(), some_status, "the exit status");
          expect_equal(body.runs(), 1, "how often the body ran");
          expect_equal(body.ran_on(), here(), "the thread that the body ran on");
          expect_dropped_on(body.captured(), here());
        });

const auto panic_as_main =
    clause("JOIN-354")
        .must("After a panic of its body run_as_main returns the status 101.")
        .source("heddle/subject.h, heddle_process.run_as_main", run_as_main_returns_a_status)
        .needs({Feature::run_as_main, Feature::panic})
        .example([] {
          const Value payload = value("payload");
          const Outcome ran = run_as_main(closure("body", [=] { return panics(payload); }));
          expect(ran, returned());
          expect_equal(ran.number(), 101, "the exit status");
          expect_dropped(payload);
        });

const auto start_and_end_around_main =
    clause("STACK-355")
        .profile({"heddle"},
                 "While a body runs as main, its thread is called main and has a signal stack; "
                 "afterwards the signal stack and the handlers are gone.")
        .source(
            "heddle/subject.h, heddle_process.run_as_main; "
            "impl/README.md, A program that owns `main`; "
            "impl/README.md, Where it departs from Rust, and why")
        .needs({Feature::run_as_main, Feature::names, Feature::overflow_report, Feature::start})
        .example([] {
          need_unclaimed_signals();
          expect(run_as_main(closure("body",
                                     [] {
                                       expect_equal(own_name().value_or("none"), "main",
                                                    "the thread's name");
                                       expect(signal_stack().has_value(),
                                              "the thread has a signal stack", "it has none");
                                       return returns();
                                     })),
                 returned());
          expect(!signal_stack(), "the thread has no signal stack any more", "it still has one");
          for (const int signal : {SIGSEGV, SIGBUS}) {
            expect(action_of(signal).handler == SIG_DFL,
                   "the signals of faults have their default actions again",
                   "one still has a handler");
          }
        });

// Expects that a child process, which calls exit in `ends`, has the status that exit was given.
template <class Ends>
void expect_exit(Ends ends) {
  const int status = status_of_child(ends);
  expect(WIFEXITED(status), "exit ends the process", "a signal has killed it");
  expect_equal(static_cast<std::uint64_t>(WEXITSTATUS(status)), some_status, "the exit status");
}

constexpr std::string_view exit_ends_the_process =
    "Ends the process as the runtime's own exit function does.";
constexpr std::string_view sources_of_exit =
    "heddle/subject.h, heddle_process.exit; "
    "Rust documentation, std::process::exit";

const auto exit_on_main =
    clause("JOIN-355")
        .must("exit ends the process with the status that it is given.")
        .source(sources_of_exit, exit_ends_the_process)
        .needs({Feature::exit})
        .example([] { expect_exit([] { subject().process->exit(some_status); }); });

const auto exit_on_another_thread =
    clause("JOIN-356")
        .must("exit ends the process on any thread, while others run and park.")
        .source(sources_of_exit, exit_ends_the_process)
        .needs(
            {Feature::exit, Feature::spawn, Feature::join, Feature::park, Feature::thread_handle})
        .example([] {
          expect_exit([] {
            const Signal parks;
            const JoinHandle parked = spawn([=] {
              parks.set();
              for (;;) {
                park();  // may return for no reason
              }
              return returns();
            });
            static_cast<void>(join(spawn([=] {
              parks.wait();
              subject().process->exit(some_status);
              return returns();
            })));
            static_cast<void>(join(parked));
          });
        });

}  // namespace
}  // namespace heddle::conformance
