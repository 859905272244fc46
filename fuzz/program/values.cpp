#include "program/values.hpp"

#include <fmt/format.h>

#include <utility>

#include "program/actor.hpp"
#include "program/story.hpp"

namespace heddle::fuzz {

void Values::begin() {
  first_ += most;
  for (std::size_t index = 0; index < made_; ++index) {
    Life& life = lives_[index];
    life.name.clear();
    life.frame = nullptr;
    life.slot.reset();
    life.ends = 0;
    life.dropped_on = nowhere;
    life.is_back = false;
    life.to_be_dropped_on = nowhere;
  }
  made_ = 0;
}

heddle_cookie Values::make(std::string name) {
  const std::size_t index = made_.fetch_add(1);
  if (index >= most) {
    fail("a program makes few values", "it made too many: let it stop earlier");
  }
  lives_[index].name = std::move(name);
  return first_ + index;
}

heddle_cookie Values::make_for(Frame& frame) {
  const heddle_cookie env = make("what a body captured");
  life_of(env).frame = &frame;
  return env;
}

Frame& Values::frame_of(heddle_cookie env) {
  Life& life = life_of(env);
  if (life.frame == nullptr) {
    fail("a body is run with what it captured", "it was run with " + life.name);
  }
  return *life.frame;
}

Values::Life& Values::life_of(heddle_cookie cookie) {
  if (cookie < first_ || cookie >= first_ + made_) {
    fail("a value of this program", fmt::format("the cookie {} came", cookie));
  }
  return lives_[cookie - first_];
}

void Values::dropped(heddle_cookie cookie) {
  Life& life = life_of(cookie);
  life.dropped_on = here();
  if (++life.ends > 1) {
    fail(life.name + " is dropped once, or handed back", "it was dropped when it was gone");
  }
}

void Values::came_back(heddle_cookie cookie) {
  Life& life = life_of(cookie);
  life.is_back = true;
  if (++life.ends > 1) {
    fail(life.name + " is dropped once, or handed back", "it was handed back when it was gone");
  }
}

void Values::expect_dropped(heddle_cookie cookie, std::size_t actor) {
  if (cookie != 0) {
    life_of(cookie).to_be_dropped_on = actor;
  }
}

void Values::check() {
  for (std::size_t index = 0; index < made_; ++index) {
    const Life& life = lives_[index];
    if (life.to_be_dropped_on == life.dropped_on) {
      continue;
    }
    const auto words = [](std::size_t actor) {
      return actor == nowhere ? "not dropped" : fmt::format("dropped on thread {}", actor);
    };
    fail(fmt::format("{} is {}", life.name, words(life.to_be_dropped_on)),
         life.is_back ? "it was handed back" : "it was " + words(life.dropped_on));
  }
}

}  // namespace heddle::fuzz
