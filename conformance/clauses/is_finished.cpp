// is_finished: whether a thread's closure has ended, asked without waiting.
#include "stage/held_body.hpp"
#include "stage/stage.hpp"

namespace heddle::conformance {
namespace {

// Citations of more than one clause.
constexpr std::string_view source_of_is_finished =
    "heddle/subject.h, heddle_spawning.is_finished; "
    "Rust documentation, std::thread::JoinHandle::is_finished";

constexpr int repetitions = 100;

const auto false_while_it_runs_true_after =
    clause("JOIN-062")
        .must("is_finished is false while the closure runs, and becomes true after it returned.")
        .source(source_of_is_finished, "RETURNED, `value` 1: the body has ended. Never blocks.")
        .needs({Feature::spawn, Feature::join, Feature::is_finished})
        .example([] {
          const HeldBody body;
          const JoinHandle thread = spawn(body.closure());
          for (int i = 0; i < repetitions; ++i) {
            expect(!is_finished(thread), "is_finished is false while the closure runs",
                   "it was true");
          }
          body.release();
          wait_until_finished(thread);
          expect(join(thread), returned());
        });

const auto true_after_a_panic =
    clause("JOIN-306")
        .must("is_finished becomes true after the closure panicked.")
        .source(source_of_is_finished, "RETURNED, `value` 1: the body has ended. Never blocks.")
        .needs({Feature::spawn, Feature::join, Feature::is_finished, Feature::thread_panics})
        .example([] {
          const Value payload = value("payload");
          const JoinHandle thread = spawn([=] { return panics(payload); });
          wait_until_finished(thread);
          expect(join(thread), caught(payload));
        });

const auto stays_true =
    clause("JOIN-063")
        .must("is_finished never goes back to false.")
        .source("Rust documentation, std::thread::JoinHandle::is_finished",
                "However, once this returns true, join can be expected to return quickly, without "
                "blocking for any significant amount of time.")
        .needs({Feature::spawn, Feature::join, Feature::is_finished})
        .example([] {
          const JoinHandle thread = spawn([] { return returns(); });
          wait_until_finished(thread);
          for (int i = 0; i < repetitions; ++i) {
            expect(is_finished(thread), "is_finished stays true", "it was false again");
          }
          expect(join(thread), returned());
        });

const auto not_the_end_of_the_thread =
    clause("JOIN-064")
        .must("is_finished may be true before the destructors of the thread's locals have run.")
        .source("Rust documentation, std::thread::JoinHandle::is_finished",
                "This might return true for a brief moment after the thread's main function has "
                "returned, but before the thread itself has stopped running.")
        .untested("permission: a runtime may as well wait for them");

const auto orders_nothing =
    clause("JOIN-065")
        .must("is_finished need not make visible what the thread did: join does.")
        .source(
            "Rust documentation, std::thread::JoinHandle::join; "
            "Rust documentation, std::thread::JoinHandle::is_finished",
            "In other words, all operations performed by that thread happen before all operations "
            "that happen after join returns.")
        .untested("permission: a runtime may order more than it promises");

const auto scoped_threads_too =
    clause("JOIN-066")
        .must(
            "is_finished of a scoped thread is false while its closure runs, and becomes "
            "true afterwards.")
        .source(
            "Rust documentation, std::thread::ScopedJoinHandle::is_finished; "
            "heddle/subject.h, heddle_scopes.is_finished",
            "Checks if the associated thread has finished running its main function.")
        .needs({Feature::scope, Feature::scope_join, Feature::scope_is_finished})
        .example([] {
          const auto body = [](Scope inside) {
            const HeldBody held;
            const JoinHandle thread = spawn(inside, held.closure());
            expect(!is_finished(thread), "is_finished is false while the closure runs",
                   "it was true");
            held.release();
            wait_until_finished(thread);
            expect(is_finished(thread), "is_finished stays true", "it was false again");
            expect(join(thread), returned());
            return returns();
          };
          expect(scope(body), returned());
        });

const auto needs_a_handle =
    clause("JOIN-067")
        .must("Whether a thread is finished is asked of its join handle, and of nothing else.")
        .source("Rust documentation, std::thread::JoinHandle::is_finished",
                "Checks if the associated thread has finished running its main function.")
        .untested("when the handle is gone there is nothing left to ask");

}  // namespace
}  // namespace heddle::conformance
