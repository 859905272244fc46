// Parking in generated programs, compared with models.
#include <fmt/format.h>

#include <array>
#include <vector>

#include "clauses/surplus_token.hpp"
#include "models/mailbox_model.hpp"
#include "models/parker_model.hpp"
#include "stage/stage.hpp"

namespace heddle::conformance {
namespace {

// Citations of more than one clause.
constexpr std::string_view sources_of_parking =
    "Rust documentation, std::thread::park; "
    "Rust 1.63, library/std/src/sys_common/thread_parker/futex.rs: Parker; "
    "Rust 1.95, library/std/src/sys/sync/thread_parking/futex.rs: Parker";

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

// Runs the program against the model, and returns whether each park_timeout without a token waited.
// A lost token shows as a hang.
bool plays(std::span<const ParkStep> program) {
  ParkerModel model;
  bool waited = true;
  for (const ParkStep& step : program) {
    if (step.action == ParkAction::unpark) {
      unpark_self();
      model.unpark();
    } else if (step.action == ParkAction::unpark_from_another_thread) {
      unpark_from_another_thread();
      model.unpark();
    } else if (model.park_returns()) {
      step.action == ParkAction::park ? park() : park_timeout(days, 0);
      model.parked();
    } else if (step.action == ParkAction::park_timeout) {
      waited = park_timeout_expires() && waited;
      model.parked();
    }
  }
  if (model.park_returns()) {
    park();
  }
  return waited;
}

const auto parking_follows_the_model =
    clause("PARK-301")
        .must(
            "In any order of unparks and parks, no token is lost, and each token comes "
            "from an unpark.")
        .source(sources_of_parking,
                "The thread::park function blocks the current thread unless or until the token is "
                "available for its thread handle, at which point it atomically consumes the token.")
        .needs({Feature::park, Feature::park_timeout, Feature::thread_handle})
        .property<ParkStep>(park_programs(), [](std::span<const ParkStep> program) {
          expect_a_wait("a park_timeout without a token", [=] { return plays(program); });
        });

constexpr std::uint8_t correspondents = 3;
constexpr int repetitions = 4;

enum class MailAction : std::uint8_t { unpark, send, receive, park_timeout };
constexpr int mail_actions = 4;

struct MailStep {
  std::uint8_t thread;
  MailAction action;
  std::uint8_t other;
};

std::string describe(const MailStep& step) {
  switch (step.action) {
    case MailAction::receive:
      return fmt::format("thread {} parks until its next message is there, if one was sent",
                         step.thread);
    case MailAction::send:
      return fmt::format("thread {} sends thread {} a message, and unparks it", step.thread,
                         step.other);
    case MailAction::unpark:
      return fmt::format("thread {} unparks thread {} for no reason", step.thread, step.other);
    default:
      return fmt::format("thread {} calls park_timeout", step.thread);
  }
}

// Only the programs grow from case to case: at a small size, rapidcheck's ranges have little but
// their beginning.
rc::Gen<std::vector<MailStep>> mail_programs() {
  const auto step = rc::gen::build<MailStep>(
      rc::gen::set(&MailStep::thread, rc::gen::inRange<std::uint8_t>(0, correspondents)),
      rc::gen::set(&MailStep::action,
                   rc::gen::map(rc::gen::inRange(0, mail_actions),
                                [](int drawn) { return static_cast<MailAction>(drawn); })),
      rc::gen::set(&MailStep::other, rc::gen::inRange<std::uint8_t>(0, correspondents)));
  return rc::gen::container<std::vector<MailStep>>(rc::gen::resize(rc::kNominalSize, step));
}

// Each thread is one correspondent. The counters order no memory: a message is visible because its
// unpark is.
struct Correspondent {
  std::vector<MailStep> steps;
  ThreadHandle thread;
  Counter arrived;
};
using Correspondents = std::array<Correspondent, correspondents>;

void deal_out(std::span<const MailStep> program, Correspondents& threads) {
  MailboxModel<correspondents> model;
  for (int repetition = 0; repetition < repetitions; ++repetition) {
    for (const MailStep& step : program) {
      if (step.action == MailAction::send) {
        model.send(step.other);
      }
      if (step.action != MailAction::receive || model.receive(step.thread)) {
        threads[step.thread].steps.push_back(step);
      }
    }
  }
}

void correspond(const Correspondent& own, const Correspondents& all) {
  std::uint64_t received = 0;
  for (const MailStep& step : own.steps) {
    const Correspondent& other = all[step.other];
    switch (step.action) {
      case MailAction::receive:
        ++received;
        while (own.arrived.get() < received) {
          park();
        }
        break;
      case MailAction::send:
        other.arrived.add();
        unpark(other.thread);
        break;
      case MailAction::unpark:
        unpark(other.thread);
        break;
      case MailAction::park_timeout:
        park_timeout(0, 1'000);
        break;
    }
  }
}

// Returns whether, in the end, each thread waits once it has consumed the one token that may be
// left. A lost wake-up shows as a hang.
bool corresponds(std::span<const MailStep> program) {
  auto* const threads = new Correspondents;  // never freed: it is small, and threads refer to it
  deal_out(program, *threads);
  const Barrier known(correspondents);
  const Barrier all_sent(correspondents);
  const Counter waited;
  std::vector<JoinHandle> handles;
  for (Correspondent& own : *threads) {
    handles.push_back(spawn([=, &own] {
      own.thread = current_thread();
      known.wait();
      correspond(own, *threads);
      all_sent.wait();
      drop(own.thread);
      park_timeout(0, 0);
      waited.add(park_timeout_expires() ? 1 : 0);
      return returns();
    }));
  }
  for (const JoinHandle handle : handles) {
    expect(join(handle), returned());
  }
  return waited.get() == correspondents;
}

const auto messages_arrive =
    clause("PARK-315")
        .must(
            "Threads that park until their message is there get every one, and are left with one "
            "token at most.")
        .source(sources_of_parking,
                "The unpark method on a Thread atomically makes the token available if it wasn't "
                "already.")
        .needs({Feature::park, Feature::park_timeout, Feature::thread_handle, Feature::spawn,
                Feature::join})
        .property<MailStep>(mail_programs(), [](std::span<const MailStep> program) {
          expect_a_wait("a thread that has consumed its one token",
                        [=] { return corresponds(program); });
        });

}  // namespace
}  // namespace heddle::conformance
