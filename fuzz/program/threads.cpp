// Steps that spawn, join and detach.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "program/program.hpp"
#include "program/story.hpp"

namespace heddle::fuzz {
namespace {

constexpr std::size_t most_alive = 6;
constexpr std::size_t most_threads = 16;  // of one program
// Enough for the bodies in a sanitizer's build, and one that no system has.
constexpr std::array<std::uint64_t, 4> stack_sizes = {262'144, 262'145, 1 << 20,
                                                      std::uint64_t(1) << 62};

// Takes a name up to the next stop. Other bytes than ASCII's become a letter of two bytes.
std::string a_name(Input& input) {
  std::string name;
  for (const char byte : input.text_up_to('.').substr(0, 40)) {
    name += static_cast<signed char>(byte) < 0 ? std::string("\u00e9") : std::string(1, byte);
  }
  return name;
}

// Settings as a program wants them, and what they come to.
struct Settings {
  explicit Settings(Input& input) {
    const std::size_t count = input.below(4);
    names.reserve(count);
    for (std::size_t index = 0; index < count; ++index) {
      heddle_setting& setting = list.emplace_back();
      if (input.flag()) {
        stack = stack_sizes[input.below(stack_sizes.size())];
        setting.kind = HEDDLE_SETTING_STACK_SIZE;
        setting.number = stack;
      } else {
        name = names.emplace_back(a_name(input));
        setting.kind = HEDDLE_SETTING_NAME;
        setting.text = names.back().data();
        setting.number = names.back().size();
      }
    }
  }

  bool has_bad_name() const { return name && name->find('\0') != name->npos; }
  bool has_bad_stack() const { return stack == stack_sizes.back(); }

  std::vector<heddle_setting> list;
  std::vector<std::string> names;
  std::optional<std::string> name;
  std::uint64_t stack = 0;
};

}  // namespace

// Returns the open scopes that the thread may spawn in: its own, and the one that it was spawned
// in.
std::vector<Frame*> Program::scopes_of(const Being& being) {
  std::vector<Frame*> scopes;
  for (const auto& frame : being.frames) {
    if (frame->kind == FrameKind::scope) {
      scopes.push_back(frame.get());
    }
  }
  if (being.scope != nullptr) {
    scopes.push_back(being.scope);
  }
  return scopes;
}

bool Program::is_below(const Being& being, const Being& owner) const {
  for (const Being* one = &being; one->scope != nullptr;) {
    one = beings_[one->scope_owner].get();
    if (one == &owner) {
      return true;
    }
  }
  return false;
}

void Program::spawn_step(Being& spawner, bool scoped) {
  Settings settings(input_);
  const bool plain = settings.list.empty() && input_.flag();
  Frame* scope = nullptr;
  if (scoped) {
    const std::vector<Frame*> scopes = scopes_of(spawner);
    if (scopes.empty()) {
      return;
    }
    scope = scopes[input_.below(scopes.size())];
  }
  const auto alive = std::ranges::count_if(beings_, [](const auto& one) { return one->runs; });
  if (alive >= static_cast<std::ptrdiff_t>(most_alive) || beings_.size() >= most_threads) {
    return;
  }
  const std::size_t number = beings_.size();
  tell(fmt::format("{} spawns {}{}{}{}", spawner.actor.number(), number,
                   scoped ? " in a scope" : "",
                   settings.name ? fmt::format(" with the name \"{}\"", *settings.name) : "",
                   settings.stack != 0 ? fmt::format(" with {} bytes", settings.stack) : ""));
  auto made = std::make_unique<Being>(number);
  auto frame = std::make_unique<Frame>(Frame{FrameKind::thread, number});
  frame->env = values_.make_for(*frame);
  const heddle_cookie env = frame->env;
  made->frames.push_back(std::move(frame));
  made->name = settings.name;
  made->scope = scope;
  made->scope_owner = scope != nullptr ? scope->actor : 0;
  beings_.push_back(std::move(made));
  const heddle_builder builder = {settings.list.size(), settings.list.data()};
  const heddle_outcome out = call(spawner, [&](heddle_outcome* o) {
    if (scope != nullptr) {
      plain ? subject_.scopes->spawn_or_panic(scope->argument, body_of_the_program, env, o)
            : subject_.scopes->spawn(scope->argument, &builder, body_of_the_program, env, o);
    } else {
      plain ? subject_.spawning->spawn_or_panic(body_of_the_program, env, o)
            : subject_.spawning->spawn(&builder, body_of_the_program, env, o);
    }
  });
  if (settings.has_bad_name() || settings.has_bad_stack()) {
    expect(settings.has_bad_name() ? out.tag == HEDDLE_PANICKED
                                   : out.tag == HEDDLE_FAILED && out.os_error == EAGAIN,
           "the spawn is refused", out);
    hooks_expected_ += settings.has_bad_name() ? 1 : 0;
    values_.expect_dropped(env, spawner.actor.number());
    beings_.pop_back();
    return;
  }
  expect(out.tag == HEDDLE_RETURNED && out.handle != nullptr, "the spawn gives a join handle", out);
  beings_.back()->handle = out.handle;
  beings_.back()->actor.wait_until_idle();
  results_.spawn();
  if (scope != nullptr) {
    scope->threads.push_back(number);
  }
}

void Program::begin_to_end(Being& being) {
  Frame& body = *being.frames.front();
  const heddle_outcome ending = being.ending.outcome();
  hooks_expected_ += being.ending.calls_hook() ? 1 : 0;
  being.actor.post([&body, ending] {
    body.over = true;
    body.ending = ending;
  });
}

// Waits until the thread is gone, and says what died with it.
void Program::reap(Being& being) {
  being.actor.wait_until_gone();
  being.runs = false;
  expect_frame_is_gone(*being.frames.front());
  for (auto& slots : being.cells) {
    for (auto& cell : slots) {
      const bool plain = &slots == &being.cells[HEDDLE_STORAGE_LAZY_PLAIN] ||
                         &slots == &being.cells[HEDDLE_STORAGE_OS_PLAIN];
      values_.expect_dropped(plain ? 0 : cell.contents(), being.actor.number());
    }
  }
  if (!being.locals.all_dead()) {
    fail("the thread locals are dead when their thread is gone", "one lives");
  }
  expect_key_values_dead(being);
}

void Program::end(Being& being) {
  close_inner_frames(being);
  begin_to_end(being);
  reap(being);
  results_.end(being.actor.number() - 1);
  expect_fate(being, being.actor.number());
}

// Says where the result died, unless it was handed back or still waits for its handle.
void Program::expect_fate(const Being& being, std::size_t dropper) {
  switch (results_.fate(being.actor.number() - 1)) {
    case conformance::Fate::dropped_on_thread:
      return values_.expect_dropped(being.ending.value, being.actor.number());
    case conformance::Fate::dropped_with_handle:
      return values_.expect_dropped(being.ending.value, dropper);
    default:
      return;
  }
}

void Program::end_step(Being& being) {
  if (being.actor.number() == 0) {
    return;
  }
  being.ending = an_ending();
  tell(fmt::format("{} ends, and {}", being.actor.number(), being.ending.words()));
  end(being);
}

std::optional<std::size_t> Program::pick_joinable(const Being& caller) {
  std::vector<std::size_t> joinable;
  for (std::size_t number = 1; number < beings_.size(); ++number) {
    const Being& one = *beings_[number];
    const std::vector<Frame*> scopes = scopes_of(caller);
    const bool in_reach =
        one.scope == nullptr || std::ranges::find(scopes, one.scope) != scopes.end();
    if (one.handle != nullptr && in_reach) {
      joinable.push_back(number);
    }
  }
  const std::size_t lot = input_.below(256);
  return joinable.empty() ? std::nullopt : std::optional(joinable[lot % joinable.size()]);
}

void Program::join_step(Being& caller) {
  const auto number = pick_joinable(caller);
  if (!number) {
    return;
  }
  Being& joined = *beings_[*number];
  // A thread that would have to wait for itself, since its joined thread waits for it.
  if (&joined == &caller || (joined.runs && is_below(caller, joined))) {
    return;
  }
  if (joined.runs) {
    joined.ending = an_ending();
  }
  const bool race = input_.flag();
  join(caller, joined, race);
}

void Program::join(Being& caller, Being& joined, bool race) {
  const std::size_t number = joined.actor.number();
  tell(fmt::format("{} joins {}, which {}{}", caller.actor.number(), number, joined.ending.words(),
                   race && joined.runs ? " meanwhile" : ""));
  const bool ran = joined.runs;
  if (ran) {
    close_inner_frames(joined);
    begin_to_end(joined);
    if (!race) {
      joined.actor.wait_until_gone();
    }
  }
  void* const handle = std::exchange(joined.handle, nullptr);
  const heddle_outcome out = call(caller, [&](heddle_outcome* o) {
    joined.scope != nullptr ? subject_.scopes->join(handle, o) : subject_.spawning->join(handle, o);
  });
  if (ran) {
    reap(joined);
  }
  joined.joined = true;
  results_.join(number - 1);
  expect_ending(joined.ending, HEDDLE_CAUGHT, out);
}

void Program::drop_join_handle_step(Being& caller) {
  const auto number = pick_joinable(caller);
  if (number) {
    drop_join_handle(caller, *beings_[*number]);
  }
}

void Program::drop_join_handle(Being& caller, Being& dropped) {
  tell(
      fmt::format("{} drops the join handle of {}", caller.actor.number(), dropped.actor.number()));
  void* const handle = std::exchange(dropped.handle, nullptr);
  expect_returned(call(caller, [&](heddle_outcome* o) {
    dropped.scope != nullptr ? subject_.scopes->drop(handle, o)
                             : subject_.spawning->detach(handle, o);
  }));
  results_.drop_handle(dropped.actor.number() - 1);
  expect_fate(dropped, caller.actor.number());
}

void Program::is_finished_step(Being& caller) {
  const auto number = pick_joinable(caller);
  if (!number) {
    return;
  }
  const Being& asked = *beings_[*number];
  tell(fmt::format("{} asks whether {} is finished", caller.actor.number(), *number));
  const heddle_outcome out = call(caller, [&](heddle_outcome* o) {
    asked.scope != nullptr ? subject_.scopes->is_finished(asked.handle, o)
                           : subject_.spawning->is_finished(asked.handle, o);
  });
  expect(out.tag == HEDDLE_RETURNED && out.value == (asked.runs ? 0U : 1U),
         asked.runs ? "it is not finished" : "it is finished", out);
}

void Program::thread_of_step(Being& caller) {
  const auto number = pick_joinable(caller);
  if (!number) {
    return;
  }
  const Being& asked = *beings_[*number];
  tell(fmt::format("{} takes a handle of {}", caller.actor.number(), *number));
  add_handle(call(caller,
                  [&](heddle_outcome* o) {
                    asked.scope != nullptr ? subject_.scopes->thread(asked.handle, o)
                                           : subject_.spawning->thread(asked.handle, o);
                  }),
             *number);
}

}  // namespace heddle::fuzz
