#include "program/program.hpp"

#include <fmt/format.h>

#include <utility>

#include "program/story.hpp"

namespace heddle::fuzz {
namespace {

constexpr std::size_t most_steps = 120;
constexpr std::size_t most_values = Values::most - 160;  // the end of a program makes some, too

std::string words(const heddle_outcome& out) {
  const std::string_view text(out.text, out.text == nullptr ? 0 : out.text_length);
  return fmt::format("tag {}, payload {}, errno {}, value {:#x}{}{}", out.tag, out.payload,
                     out.os_error, out.value, text.empty() ? "" : ", text ", text);
}

}  // namespace

Program::Program(const heddle_subject_table& subject, std::string_view input)
    : subject_(subject), input_(input) {
  begin_story();
  values_.begin();
  begin_keys();
}

Program::~Program() = default;

void Program::expect(bool holds, std::string_view expected, const heddle_outcome& happened) {
  if (!holds) {
    fail(expected, words(happened));
  }
}

heddle_outcome Program::call(Being& being, const std::function<void(heddle_outcome*)>& function) {
  heddle_outcome out{};
  being.actor.run([&] { function(&out); });
  return out;
}

void Program::expect_ending(const Ending& ending, std::uint32_t panic_tag,
                            const heddle_outcome& out) {
  const heddle_outcome wanted = ending.outcome();
  const std::string_view text(out.text, out.text == nullptr ? 0 : out.text_length);
  const bool same = ending.panics() ? out.tag == panic_tag && out.payload == wanted.payload &&
                                          text == std::string_view(wanted.text, wanted.text_length)
                                    : out.tag == HEDDLE_RETURNED;
  const bool has_value = wanted.text == nullptr;
  expect(same && (!has_value || out.value == wanted.value), "what a body that " + ending.words(),
         out);
  if (has_value && wanted.value != 0) {
    values_.came_back(wanted.value);
  }
}

std::size_t Program::pick_running() {
  std::vector<std::size_t> running;
  for (std::size_t number = 0; number < beings_.size(); ++number) {
    if (beings_[number]->runs) {
      running.push_back(number);
    }
  }
  return running[input_.below(running.size())];
}

Being& Program::other_than(const Being& being) {
  Being& picked = *beings_[pick_running()];
  if (&picked != &being || being.actor.number() == 0) {
    return picked;
  }
  return *beings_.front();
}

void Program::pause_step(Being& being, char kind) {
  const bool sleeps = kind == 'z';
  tell(fmt::format("{} {}", being.actor.number(), sleeps ? "sleeps" : "yields"));
  expect_returned(call(being, [&](heddle_outcome* out) {
    sleeps ? subject_.pausing->sleep(0, 1'000, out) : subject_.pausing->yield(out);
  }));
}

// A letter is the step that it is written for; every other byte is some step.
void Program::step() {
  constexpr std::string_view letters = "sSejdftcCxinupwyz{[(l}rR=~-gGvVhq";
  Being& being = *beings_[pick_running()];
  const char given = input_.next();
  const char kind = letters.find(given) != letters.npos
                        ? given
                        : letters[static_cast<std::uint8_t>(given) % letters.size()];
  switch (kind) {
    case 's':
    case 'S':
      return spawn_step(being, kind == 'S');
    case 'e':
      return end_step(being);
    case 'j':
      return join_step(being);
    case 'd':
      return drop_join_handle_step(being);
    case 'f':
      return is_finished_step(being);
    case 't':
      return thread_of_step(being);
    case 'c':
      return current_step(being);
    case 'p':
      return park_step(being);
    case 'w':
      return awaited_park_step(being);
    case 'y':
    case 'z':
      return pause_step(being, kind);
    case '{':
      return enter_step(being, FrameKind::scope);
    case '[':
      return enter_step(being, FrameKind::caught);
    case '(':
      return enter_step(being, FrameKind::access);
    case 'l':
      return local_step(being);
    case '}':
      return leave_step(being);
    case 'r':
      return touch_step(being);
    case 'R':
      return script_step();
    case '=':
    case '~':
    case '-':
      return cell_step(being, kind);
    case 'g':
    case 'G':
      return key_step(being, kind == 'G');
    case 'v':
    case 'V':
      return static_key_step(being, kind == 'V');
    case 'h': {
      tell(fmt::format("{} takes the panic hook, and sets it again", being.actor.number()));
      const heddle_outcome out = call(being, [&](heddle_outcome* o) {
        subject_.panics->take_hook(o);
        heddle_outcome ignored{};
        subject_.panics->set_hook(1, &ignored);
      });
      return expect(out.tag == HEDDLE_RETURNED && out.value == 1, "the hook was the suite's", out);
    }
    case 'q': {
      tell(fmt::format("{} asks whether it panics", being.actor.number()));
      const auto out = call(being, [&](heddle_outcome* o) { subject_.panics->panicking(o); });
      return expect(out.tag == HEDDLE_RETURNED && out.value == 0, "no thread panics now", out);
    }
    default:
      return handle_step(being, kind);
  }
}

void Program::check() {
  values_.check();
  check_key_values();
  if (hooks_seen_ != hooks_expected_) {
    fail(fmt::format("the panic hook has run {} times", hooks_expected_),
         fmt::format("it has run {} times", hooks_seen_.load()));
  }
}

// Threads end in the reverse order of their spawns, so each finds the threads of its scopes ended.
void Program::finish() {
  tell("the program ends");
  input_ = Input("");
  for (std::size_t number = beings_.size(); number-- > 1;) {
    if (beings_[number]->runs) {
      end(*beings_[number]);
    }
  }
  Being& first = *beings_.front();
  close_inner_frames(first);
  for (std::size_t number = 1; number < beings_.size(); ++number) {
    if (beings_[number]->handle != nullptr) {
      join(first, *beings_[number], false);
    }
  }
  give_handles_back(first);
  begin_to_end(first);
  reap(first);
  root_.join();
  check();
}

void Program::play() {
  beings_.push_back(std::make_unique<Being>(0));
  Being& first = *beings_.front();
  first.frames.push_back(std::make_unique<Frame>(Frame{FrameKind::thread, 0}));
  root_ = std::thread([&first] {
    first.actor.begin();
    first.actor.serve(first.frames.front()->over);
  });
  first.actor.wait_until_idle();
  for (std::size_t count = 0;
       count < most_steps && !input_.is_empty() && values_.made() < most_values; ++count) {
    step();
    check();
    input_.skip_blanks();
  }
  finish();
}

}  // namespace heddle::fuzz
