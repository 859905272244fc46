// Parking: the token, its timeouts, and who wakes whom.
//
// A park may return for no reason at all (Rust: "may wake spuriously"), so an early return proves
// nothing by itself. What proves something is a runtime that waits where there was never a token,
// and each time does not wait where one too many was given: see waits_without_token().
#include <ctime>

#include "models/parker_model.hpp"
#include "stage/stage.hpp"

namespace heddle::conformance {
namespace {

constexpr std::uint32_t a_short_time = 300'000;
constexpr std::uint64_t nanoseconds_per_second = 1'000'000'000;
constexpr int trials = 5;

std::uint64_t monotonic_nanoseconds() {
  timespec now{};
  static_cast<void>(::clock_gettime(CLOCK_MONOTONIC, &now));  // the clock exists on Linux
  return static_cast<std::uint64_t>(now.tv_sec) * nanoseconds_per_second +
         static_cast<std::uint64_t>(now.tv_nsec);
}

// Whether a short park_timeout ran into its deadline. A busy machine can only make it later, so
// "no" is certain: it returned for a token, or spuriously.
bool park_timeout_expires() {
  const std::uint64_t began = monotonic_nanoseconds();
  park_timeout(0, a_short_time);
  return monotonic_nanoseconds() - began >= a_short_time;
}

// Without a token, does this runtime wait at all?
bool waits_without_token() {
  for (int trial = 0; trial < trials; ++trial) {
    if (!park_timeout_expires()) {
      return false;
    }
  }
  return true;
}

void excuse_unless_it_waits() {
  if (!waits_without_token()) {
    excuse("the runtime's park returns without a token, as it may: a surplus one cannot be told");
  }
}

void unpark_self() {
  const ThreadHandle self = current_thread();
  unpark(self);
  drop(self);
}

const auto unpark_before_park =
    clause("PARK-093")
        .must("A park that follows an unpark of the same thread returns.")
        .source("Rust: std::thread::park")
        .needs({Feature::park, Feature::thread_handle})
        .example([] {
          unpark_self();
          park();
        });

const auto one_token_at_most =
    clause("PARK-094")
        .must("Any number of unparks before a park leave one token.")
        .source("Rust: std::thread::park, \"the token is initially not present\"")
        .needs({Feature::park, Feature::park_timeout, Feature::thread_handle})
        .example([] {
          for (int trial = 0; trial < trials; ++trial) {
            unpark_self();
            unpark_self();
            unpark_self();
            park();
            if (park_timeout_expires()) {
              return;
            }
          }
          excuse_unless_it_waits();
          fail("the park after the one that consumed the token waits",
               "it returned at once, each time");
        });

enum class ParkAction : std::uint32_t { unpark, unpark_from_another_thread, park, park_timeout };

struct ParkStep {
  ParkAction action;
};

std::string describe(const ParkStep& step) {
  switch (step.action) {
    case ParkAction::unpark:
      return "unpark the own thread";
    case ParkAction::unpark_from_another_thread:
      return "unpark from another thread";
    case ParkAction::park:
      return "park";
    default:
      return "park_timeout";
  }
}

rc::Gen<std::vector<ParkStep>> park_programs() {
  return rc::gen::container<std::vector<ParkStep>>(
      rc::gen::map(rc::gen::element(ParkAction::unpark, ParkAction::unpark_from_another_thread,
                                    ParkAction::park, ParkAction::park_timeout),
                   [](ParkAction action) { return ParkStep{action}; }));
}

void unpark_from_another_thread() {
  const ThreadHandle self = current_thread();
  on_foreign_thread([self] { unpark(self); });
  drop(self);
}

// Runs the program against the model; returns whether some wait that had no token ended early. A
// token that is lost shows as a hang.
bool plays(std::span<const ParkStep> program) {
  ParkerModel model;
  bool early = false;
  for (const ParkStep& step : program) {
    if (step.action == ParkAction::unpark) {
      unpark_self();
      model.unpark();
    } else if (step.action == ParkAction::unpark_from_another_thread) {
      unpark_from_another_thread();
      model.unpark();
    } else if (model.park_returns()) {
      step.action == ParkAction::park ? park() : park_timeout(1'000'000, 0);
      model.parked();
    } else if (step.action == ParkAction::park_timeout) {
      early = !park_timeout_expires() || early;
      model.parked();
    }
  }
  if (model.park_returns()) {
    park();
  }
  return early;
}

const auto parking_follows_the_model =
    clause("PARK-301")
        .must(
            "Whatever the order of unparks and parks, no token is lost, and none comes from "
            "nowhere.")
        .source("Rust: std::thread::park; seed: Parker")
        .needs({Feature::park, Feature::park_timeout, Feature::thread_handle})
        .property<ParkStep>(park_programs(), [](std::span<const ParkStep> program) {
          int early = 0;
          while (early < trials && plays(program)) {
            ++early;
          }
          if (early == trials) {
            excuse_unless_it_waits();
            fail("a park_timeout without a token runs into its deadline",
                 "in this program one returned before it, each time");
          }
        });

const auto interrupted_wait_goes_on =
    clause("PARK-095")
        .should("park does not return without a token, however often its futex wait does.")
        .source("seed: Parker::park, the loop around futex_wait")
        .needs({Feature::park, Feature::thread_handle, Feature::spawn})
        .fault(wakes_spuriously(3))
        .example([] {
          const Signal token_given;
          const ThreadHandle self = current_thread();
          const auto kernel_thread = kernel_thread_id();
          const JoinHandle waker = spawn([=] {
            let_block(kernel_thread);
            token_given.set();
            unpark(self);
            return returns();
          });
          armed([] { park(); });
          expect(token_given.is_set(), "park returns after the unpark", "it returned before it");
          expect(join(waker), returned());
        });

}  // namespace
}  // namespace heddle::conformance
