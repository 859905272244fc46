// Steps with keys of the system's.
#include <fmt/format.h>

#include "program/program.hpp"
#include "program/story.hpp"

namespace heddle::fuzz {
namespace {

constexpr std::size_t static_slots = 2;

// The reference never gives a key back, as Rust's does not. So the first program makes keys for
// all.
std::array<Key, 2> new_keys(const heddle_subject_table& subject) {
  const auto handle = [&](void (*destructor)(void*)) {
    heddle_outcome out{};
    subject.keys->create(destructor, &out);
    return out.handle;
  };
  static void* const with_destructor = handle(key_destructor);
  static void* const without_destructor = handle(nullptr);
  return {Key{.handle = with_destructor},
          Key{.handle = without_destructor, .has_destructor = false}};
}

}  // namespace

void Program::begin_keys() {
  keys_ = new_keys(subject_);
}

KeyValue* Program::new_key_value(Being& being) {
  key_values_.push_back(std::make_unique<KeyValue>(KeyValue{being.actor.number()}));
  return key_values_.back().get();
}

void Program::key_value_dies(void* value) {
  KeyValue& dying = *static_cast<KeyValue*>(value);
  if (dying.died_on != dying.to_die_on || here() != dying.being) {
    fail("a key's value dies once, on its thread", fmt::format("it died on thread {}", here()));
  }
  dying.died_on = here();
}

// Says which values have died with the thread.
void Program::expect_key_values_dead(const Being& being) {
  const auto die = [&](Key& key) {
    const auto found = key.values.find(being.actor.number());
    if (found != key.values.end() && found->second != nullptr && key.has_destructor) {
      found->second->to_die_on = being.actor.number();
    }
    if (found != key.values.end()) {
      key.values.erase(found);
    }
  };
  for (Key& key : keys_) {
    die(key);
  }
  for (Key& key : static_keys_) {
    die(key);
  }
}

void Program::check_key_values() const {
  for (const auto& value : key_values_) {
    if (value->died_on != value->to_die_on) {
      fail("the values of keys die with their thread",
           fmt::format("a value of thread {} {}", value->being,
                       value->died_on == value->being ? "died before" : "lives on"));
    }
  }
}

void Program::key_step(Being& being, bool sets) {
  const std::size_t number = being.actor.number();
  const std::size_t index = input_.below(keys_.size());
  Key& key = keys_[index];
  if (sets) {
    KeyValue* const value = input_.flag() ? nullptr : new_key_value(being);
    tell(fmt::format("{} sets key {} to {}", number, index, value == nullptr ? "null" : "a value"));
    expect_returned(
        call(being, [&](heddle_outcome* o) { subject_.keys->set(key.handle, value, o); }));
    key.values[number] = value;
  } else {
    tell(fmt::format("{} gets key {}", number, index));
    const heddle_outcome out =
        call(being, [&](heddle_outcome* o) { subject_.keys->get(key.handle, o); });
    expect(out.tag == HEDDLE_RETURNED && out.handle == key.values[number],
           "a key has what the thread has set", out);
  }
}

void Program::static_key_step(Being& being, bool sets) {
  const std::size_t number = being.actor.number();
  const auto slot = static_cast<std::uint32_t>(input_.below(static_slots));
  Key& key = static_keys_[slot];
  if (sets) {
    KeyValue* const value = input_.flag() ? nullptr : new_key_value(being);
    tell(fmt::format("{} sets static key {} to {}", number, slot,
                     value == nullptr ? "null" : "a value"));
    expect_returned(
        call(being, [&](heddle_outcome* o) { subject_.keys->static_set(slot, value, o); }));
    key.values[number] = value;
  } else {
    tell(fmt::format("{} gets static key {}", number, slot));
    const heddle_outcome out =
        call(being, [&](heddle_outcome* o) { subject_.keys->static_get(slot, o); });
    expect(out.tag == HEDDLE_RETURNED && out.handle == key.values[number],
           "a static key has what the thread has set", out);
  }
}

}  // namespace heddle::fuzz
