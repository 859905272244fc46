// Results and payloads that nobody claims: where they are dropped, and what happens if the drop
// panics.
#include <csignal>

#include "stage/held_body.hpp"
#include "stage/stage.hpp"

namespace heddle::conformance {
namespace {

// Citations of more than one clause.
constexpr std::string_view sources_of_unclaimed_results =
    "Rust 1.63, library/std/src/thread/mod.rs: Packet::drop; "
    "Rust 1.95, library/std/src/thread/lifecycle.rs: Packet::drop";

const auto dropped_by_the_thread =
    clause("JOIN-045")
        .profile(everywhere,
                 "The result of a thread whose join handle is gone is dropped on the thread.")
        .source(sources_of_unclaimed_results)
        .needs({Feature::spawn, Feature::detach, Feature::thread_values})
        .example([] {
          const Value result = value("result");
          const HeldBody body(returns(result));
          detach(spawn(body.closure()));
          body.run_until_gone();
          expect_dropped_on(result, body.closure().ran_on());
        });

const auto dropped_with_the_handle =
    clause("JOIN-303")
        .profile(everywhere,
                 "An ended thread's result lives as long as the join handle, and is dropped on "
                 "the thread that drops the handle.")
        .source(sources_of_unclaimed_results)
        .needs({Feature::spawn, Feature::detach, Feature::thread_values})
        .example([] {
          const Value result = value("result");
          const HeldBody body(returns(result));
          const JoinHandle thread = spawn(body.closure());
          body.run_until_gone();
          expect_not_dropped(result);
          detach(thread);
          expect_dropped_on(result, here());
        });

const auto payload_is_dropped_too =
    clause("JOIN-304")
        .must("The payload of a panic that nobody joins is dropped exactly once.")
        .source(
            "heddle/subject.h, rule 3; "
            "Rust documentation, std::thread::JoinHandle",
            "A cookie that entered the subject either comes out again in an outcome (moved: it is "
            "the suite's once more, and is not reported as dropped), or dies inside and is "
            "reported once.")
        .needs({Feature::spawn, Feature::detach, Feature::thread_panics})
        .example([] {
          const Value before = value("payload, handle dropped before");
          const HeldBody detached(panics(before));
          detach(spawn(detached.closure()));
          detached.run_to_its_end();
          expect_dropped(before);

          const Value after = value("payload, handle dropped after");
          const HeldBody ended(panics(after));
          const JoinHandle thread = spawn(ended.closure());
          ended.run_to_its_end();
          detach(thread);
          expect_dropped(after);
        });

Ending panics_when_dropped() {
  return panics("the drop panics");
}

const auto drop_on_the_thread_panics =
    clause("JOIN-046")
        .profile(everywhere,
                 "When the drop of an unclaimed result panics on the thread, the process aborts.")
        .source(sources_of_unclaimed_results)
        .needs({Feature::spawn, Feature::detach, Feature::thread_values, Feature::thread_panics})
        .dies_of(SIGABRT, "thread result panicked on drop")
        .example([] {
          const HeldBody body(returns(value("result").when_dropped(panics_when_dropped)));
          detach(spawn(body.closure()));
          expect_death();
          body.run_until_gone();
        });

const auto drop_with_the_handle_panics =
    clause("JOIN-305")
        .profile(everywhere,
                 "When the drop of an unclaimed payload panics with the join handle, the process "
                 "aborts.")
        .source(sources_of_unclaimed_results)
        .needs({Feature::spawn, Feature::detach, Feature::thread_values, Feature::thread_panics})
        .dies_of(SIGABRT, "thread result panicked on drop")
        .example([] {
          const HeldBody body(panics(value("payload").when_dropped(panics_when_dropped)));
          const JoinHandle thread = spawn(body.closure());
          body.run_until_gone();
          expect_death();
          detach(thread);
        });

}  // namespace
}  // namespace heddle::conformance
