// Programs that spawn, end, join and detach threads in any order, against the model of who owns a
// thread's result.
#include <fmt/format.h>

#include <vector>

#include "models/thread_results_model.hpp"
#include "stage/held_body.hpp"
#include "stage/stage.hpp"

namespace heddle::conformance {
namespace {

// Citations of more than one clause.
constexpr std::string_view rule_of_cookies =
    "A cookie that entered the subject either comes out again in an outcome (moved: it is the "
    "suite's once more, and is not reported as dropped), or dies inside and is reported once.";

enum class ThreadAction : std::uint8_t { spawn, spawn_panicking, end, join, drop_handle };

struct ThreadStep {
  ThreadAction action;
  std::uint8_t thread;     // unused by spawns; a step whose thread does not exist is skipped
  std::uint8_t elsewhere;  // not 0: a thread that the runtime did not start joins or drops
};

std::string describe(const ThreadStep& step) {
  const char* const where = step.elsewhere != 0 ? " on another thread" : "";
  switch (step.action) {
    case ThreadAction::spawn:
      return "spawn a thread that returns a value";
    case ThreadAction::spawn_panicking:
      return "spawn a thread that panics";
    case ThreadAction::end:
      return fmt::format("let thread {} end", step.thread);
    case ThreadAction::join:
      return fmt::format("join thread {}{}", step.thread, where);
    default:
      return fmt::format("drop the join handle of thread {}{}", step.thread, where);
  }
}

// Generates programs. The clause chooses the ways of spawning: a runtime without panics is not
// asked for threads that panic. rapidcheck's ranges are complete only at its nominal size, which
// would make too many steps.
rc::Gen<std::vector<ThreadStep>> thread_programs(std::vector<ThreadAction> ways_to_spawn) {
  constexpr std::uint8_t threads = 6;
  constexpr int most_steps = 40;
  std::vector<ThreadAction> actions = std::move(ways_to_spawn);
  actions.insert(actions.end(), {ThreadAction::end, ThreadAction::join, ThreadAction::drop_handle});
  const auto step = rc::gen::apply(
      [](ThreadAction action, std::uint8_t thread, std::uint8_t elsewhere) {
        return ThreadStep{action, thread, elsewhere};
      },
      rc::gen::elementOf(actions), rc::gen::inRange<std::uint8_t>(0, threads),
      rc::gen::inRange<std::uint8_t>(0, 2));
  return rc::gen::resize(most_steps, rc::gen::container<std::vector<ThreadStep>>(
                                         rc::gen::resize(rc::kNominalSize, step)));
}

// A program, played by the subject and the model side by side.
class ThreadProgram {
 public:
  void play(std::span<const ThreadStep> steps) {
    for (const ThreadStep& step : steps) {
      if (step.action == ThreadAction::spawn || step.action == ThreadAction::spawn_panicking) {
        spawn_thread(step.action == ThreadAction::spawn_panicking);
      } else if (step.thread < model_.threads()) {
        play_on(step, step.thread);
      }
    }
    for (std::size_t thread = 0; thread < model_.threads(); ++thread) {
      if (model_.has_handle(thread)) {
        join_thread(thread);
      } else if (model_.runs(thread)) {
        end_thread(thread);
      }
    }
  }

  void expect_each_once() const {
    for (std::size_t thread = 0; thread < model_.threads(); ++thread) {
      const Played& played = played_[thread];
      expect_dropped_on(played.body.closure().captured(), played.body.closure().ran_on());
      if (model_.fate(thread) != Fate::handed_back || !carried(played)) {
        expect_dropped(played.result);
      }
    }
  }

  void expect_where() const {
    for (std::size_t thread = 0; thread < model_.threads(); ++thread) {
      const Played& played = played_[thread];
      if (model_.fate(thread) == Fate::dropped_on_thread) {
        expect_dropped_on(played.result, played.body.closure().ran_on());
      } else if (model_.fate(thread) == Fate::dropped_with_handle) {
        expect_dropped_on(played.result, played.handle_dropped_on);
      }
    }
  }

 private:
  struct Played {
    bool panics;
    Value result;  // or payload
    HeldBody body;
    JoinHandle handle;
    std::uint32_t handle_dropped_on = 0;
  };

  // A runtime that carries no values drops the value on the thread.
  static bool carried(const Played& played) {
    return played.panics || offers(subject(), Feature::thread_values);
  }

  static void run(bool elsewhere, const std::function<void()>& calls) {
    elsewhere ? on_foreign_thread(calls) : calls();
  }

  void spawn_thread(bool wants_panic) {
    const Value result =
        value(fmt::format("{} {}", wants_panic ? "payload" : "result", model_.threads()));
    const HeldBody body(wants_panic ? resumes(result) : returns(result));
    played_.push_back({wants_panic, result, body, spawn(body.closure())});
    model_.spawn();
  }

  void play_on(const ThreadStep& step, std::size_t thread) {
    if (step.action == ThreadAction::end && model_.runs(thread)) {
      end_thread(thread);
    } else if (step.action == ThreadAction::join && model_.has_handle(thread)) {
      run(step.elsewhere != 0, [&] { join_thread(thread); });
    } else if (step.action == ThreadAction::drop_handle && model_.has_handle(thread) &&
               offers(subject(), Feature::detach)) {
      run(step.elsewhere != 0, [&] { drop_handle(thread); });
    }
  }

  void end_thread(std::size_t thread) {
    played_[thread].body.run_to_its_end();
    model_.end(thread);
  }

  void join_thread(std::size_t thread) {
    const Played& played = played_[thread];
    played.body.release();
    const Outcome joined = join(played.handle);
    model_.join(thread);
    if (played.panics) {
      expect(joined, caught(played.result));
    } else {
      expect(joined, carried(played) ? returned(played.result) : returned());
    }
  }

  void drop_handle(std::size_t thread) {
    played_[thread].handle_dropped_on = here();
    detach(played_[thread].handle);
    model_.drop_handle(thread);
  }

  ThreadResultsModel model_;
  std::vector<Played> played_;
};

void expect_each_once(std::span<const ThreadStep> steps) {
  ThreadProgram program;
  program.play(steps);
  program.expect_each_once();
}

const auto each_result_once =
    clause("JOIN-307")
        .must(
            "Whatever the order of spawns, ends, joins and detaches, each result comes out of join "
            "once or is dropped once, and what each closure captured is dropped once, on its "
            "thread.")
        .source(
            "heddle/subject.h, rule 3; "
            "heddle/subject.h, heddle_body; "
            "Rust documentation, std::thread::JoinHandle",
            rule_of_cookies)
        .needs({Feature::spawn, Feature::join})
        .property<ThreadStep>(thread_programs({ThreadAction::spawn}), expect_each_once);

const auto each_payload_once =
    clause("JOIN-329")
        .must(
            "Whatever the order of spawns, panics, ends, joins and detaches, the payload of each "
            "panic comes out of join once or is dropped once, and so does each result.")
        .source(
            "heddle/subject.h, rule 3; "
            "heddle/subject.h, heddle_spawning.join; "
            "Rust documentation, std::thread::JoinHandle",
            rule_of_cookies)
        .needs({Feature::spawn, Feature::join, Feature::thread_panics})
        .property<ThreadStep>(thread_programs({ThreadAction::spawn, ThreadAction::spawn_panicking}),
                              expect_each_once);

const auto each_result_where_it_belongs =
    clause("JOIN-308")
        .profile(everywhere,
                 "In any order of steps, an unclaimed result is dropped on its thread if the "
                 "join handle is gone by then, and otherwise on the thread that drops the "
                 "handle.")
        .source(
            "Rust 1.63, library/std/src/thread/mod.rs: Packet::drop; "
            "Rust 1.95, library/std/src/thread/lifecycle.rs: Packet::drop")
        .needs({Feature::spawn, Feature::join, Feature::detach, Feature::thread_values,
                Feature::thread_panics})
        .property<ThreadStep>(thread_programs({ThreadAction::spawn, ThreadAction::spawn_panicking}),
                              [](std::span<const ThreadStep> steps) {
                                ThreadProgram program;
                                program.play(steps);
                                program.expect_where();
                              });

}  // namespace
}  // namespace heddle::conformance
