// Steps that enter and leave scopes, catches and accesses, in whose bodies other steps follow.
#include <fmt/format.h>

#include "models/scope_model.hpp"
#include "program/program.hpp"
#include "program/story.hpp"

namespace heddle::fuzz {
namespace {

constexpr std::size_t most_frames = 6;  // of one thread

std::string_view words(FrameKind kind) {
  switch (kind) {
    case FrameKind::scope:
      return "a scope";
    case FrameKind::caught:
      return "a catch";
    case FrameKind::access:
      return "an access";
    default:
      return "a thread";
  }
}

}  // namespace

// The body of every frame. It waits for the next steps of its thread.
void Program::run_body(heddle_cookie env, void* argument, heddle_outcome* out) {
  Frame& frame = values_.frame_of(env);
  Actor& actor = beings_[frame.actor]->actor;
  if (frame.kind == FrameKind::thread && !frame.begun) {
    actor.begin();
  }
  if (here() != frame.actor) {
    fail(fmt::format("a body runs on thread {}", frame.actor),
         fmt::format("it runs on thread {}", here()));
  }
  if (frame.begun && !frame.over) {
    fail("a body runs once", "it runs again");
  }
  frame.begun = true;
  frame.over = false;
  frame.argument = argument;
  actor.serve(frame.over);
  *out = frame.ending;
}

Ending Program::an_ending() {
  constexpr std::size_t kinds = 6;
  Ending ending{.kind = static_cast<Ending::Kind>(input_.below(kinds))};
  const bool has_value = ending.kind == Ending::Kind::value || ending.kind == Ending::Kind::panic ||
                         ending.kind == Ending::Kind::resume;
  ending.value = has_value ? values_.make("what a body ended with") : 0;
  return ending;
}

void Program::enter_step(Being& being, FrameKind kind) {
  constexpr std::array<std::uint32_t, 4> storages = {HEDDLE_STORAGE_REFCELL, HEDDLE_STORAGE_CELL,
                                                     HEDDLE_STORAGE_LAZY, HEDDLE_STORAGE_CONST};
  if (being.frames.size() >= most_frames) {
    return;
  }
  being.frames.push_back(std::make_unique<Frame>(Frame{kind, being.actor.number()}));
  Frame& frame = *being.frames.back();
  frame.env = values_.make_for(frame);
  if (kind == FrameKind::access) {
    frame.storage = storages[input_.below(storages.size())];
    frame.slot = static_cast<std::uint32_t>(input_.below(2));
  }
  tell(fmt::format("{} enters {}{}", being.actor.number(), words(kind),
                   kind == FrameKind::access
                       ? fmt::format(" to storage {}, slot {}", frame.storage, frame.slot)
                       : ""));
  if (frame.storage == HEDDLE_STORAGE_CONST) {
    note_constant(being, conformance::ThreadLocalModel::slot_count - 2 + frame.slot);
  }
  being.actor.run([this, &frame] {
    if (frame.kind == FrameKind::scope) {
      subject_.scopes->scope(body_of_the_program, frame.env, &frame.outcome);
    } else if (frame.kind == FrameKind::caught) {
      subject_.panics->catch_unwind(body_of_the_program, frame.env, &frame.outcome);
    } else {
      subject_.tls->with(frame.storage, frame.slot, body_of_the_program, frame.env, &frame.outcome);
    }
    frame.left = true;
  });
  expect(!frame.left, "the body runs", frame.outcome);
}

// Puts a local object below the innermost body, so that its end has something to drop.
void Program::local_step(Being& being) {
  Frame& frame = *being.frames.back();
  if (being.actor.number() == 0 && being.frames.size() == 1) {
    return;  // the runtime did not start this body
  }
  tell(fmt::format("{} has a local", being.actor.number()));
  heddle_outcome ending{};
  ending.tag = HEDDLE_ENTER;
  ending.value = values_.make("a local");
  ending.next = body_of_the_program;
  ending.next_env = values_.make_for(frame);
  frame.locals.insert(frame.locals.end(), {ending.value, ending.next_env});
  being.actor.run([&frame, ending] {
    frame.over = true;
    frame.ending = ending;
  });
}

void Program::expect_frame_is_gone(const Frame& frame) {
  values_.expect_dropped(frame.env, frame.actor);
  for (const heddle_cookie local : frame.locals) {
    values_.expect_dropped(local, frame.actor);
  }
}

void Program::leave_step(Being& being) {
  if (being.frames.size() > 1) {
    leave(being, an_ending());
  }
}

void Program::close_inner_frames(Being& being) {
  while (being.frames.size() > 1) {
    leave(being, {});
  }
}

// Eats the join handles of a scope, and has its threads begin to end.
void Program::prepare_to_leave_scope(Being& owner, const Frame& scope) {
  // The youngest first: a thread's own scopes have only younger ones.
  for (std::size_t index = scope.threads.size(); index-- > 0;) {
    Being& one = *beings_[scope.threads[index]];
    const std::size_t way = input_.below(3);
    if (way == 0 && one.handle != nullptr) {
      join(owner, one, true);
    } else if (way == 1 && one.runs) {
      end(one);
    }
    if (one.handle != nullptr) {
      drop_join_handle(owner, one);
    }
    if (one.runs) {
      close_inner_frames(one);
    }
  }
}

void Program::expect_scope_ending(const Frame& scope, const Ending& ending) {
  conformance::ScopeModel model;
  for (const std::size_t number : scope.threads) {
    model.add(0, beings_[number]->ending.panics(), beings_[number]->joined);
  }
  if (ending.panics()) {
    model.let_body_panic();
  }
  if (model.end() == conformance::ScopeModel::End::threads_panics) {
    expect(scope.outcome.tag == HEDDLE_PANICKED, "the scope panics for a thread", scope.outcome);
    values_.expect_dropped(ending.value, scope.actor);
    ++hooks_expected_;
  } else {
    expect_ending(ending, HEDDLE_PANICKED, scope.outcome);
  }
}

void Program::leave(Being& being, const Ending& ending) {
  Frame& frame = *being.frames.back();
  std::vector<std::size_t> ending_now;
  if (frame.kind == FrameKind::scope) {
    prepare_to_leave_scope(being, frame);
    for (const std::size_t number : frame.threads) {
      if (beings_[number]->runs) {
        ending_now.push_back(number);
        begin_to_end(*beings_[number]);
      }
    }
  }
  tell(
      fmt::format("{} leaves {}, and {}", being.actor.number(), words(frame.kind), ending.words()));
  hooks_expected_ += ending.calls_hook() ? 1 : 0;
  being.actor.run([&frame, out = ending.outcome()] {
    frame.over = true;
    frame.ending = out;
  });
  expect(frame.left, "the call returns when its body has ended", frame.ending);
  for (const std::size_t number : ending_now) {
    Being& ended = *beings_[number];
    reap(ended);
    results_.end(number - 1);
    expect_fate(ended, number);
  }
  if (frame.kind == FrameKind::scope) {
    expect_scope_ending(frame, ending);
  } else {
    expect_ending(ending, frame.kind == FrameKind::caught ? HEDDLE_CAUGHT : HEDDLE_PANICKED,
                  frame.outcome);
  }
  expect_frame_is_gone(frame);
  being.frames.pop_back();
}

}  // namespace heddle::fuzz
