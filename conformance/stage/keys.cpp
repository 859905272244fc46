#include "stage/keys.hpp"

#include <fmt/format.h>
#include <pthread.h>

#include <vector>

#include "stage/held_handles.hpp"
#include "stage/stage_case.hpp"

namespace heddle::conformance {
namespace {

const heddle_keys& keys() {
  return *subject().keys;
}

// Makes a call that must return, and returns its outcome.
template <class Call>
Outcome made(std::string_view name, Call call) {
  note(fmt::format("calls {}", name));
  heddle_outcome raw{};
  call(&raw);
  Outcome outcome(name, raw, false);
  expect(outcome, returned());
  return outcome;
}

// Takes all keys that the system still has, and returns them.
std::vector<pthread_key_t> take_free_keys() {
  std::vector<pthread_key_t> taken;
  for (pthread_key_t key = 0; ::pthread_key_create(&key, nullptr) == 0;) {
    taken.push_back(key);
  }
  return taken;
}

}  // namespace

Key create_key(void (*destructor)(void*)) {
  return {made("create of a key", [&](heddle_outcome* out) {
            keys().create(destructor, out);
          }).handle()};
}

void drop(Key key) {
  release_handle(key.handle);
  made("destroy of a key", [&](heddle_outcome* out) { keys().destroy(key.handle, out); });
}

void* get(Key key) {
  return made("get of a key", [&](heddle_outcome* out) { keys().get(key.handle, out); }).handle();
}

void set(Key key, void* value) {
  made("set of a key", [&](heddle_outcome* out) { keys().set(key.handle, value, out); });
}

std::uint32_t count_static_keys() {
  return keys().static_slots;
}

void* get(StaticKey key) {
  return made(fmt::format("get of static key {}", key.slot),
              [&](heddle_outcome* out) { keys().static_get(key.slot, out); })
      .handle();
}

void set(StaticKey key, void* value) {
  made(fmt::format("set of static key {}", key.slot),
       [&](heddle_outcome* out) { keys().static_set(key.slot, value, out); });
}

void when_destroyed(StaticKey key, std::function<void(void*)> action) {
  set_key_destructor(key.slot, std::move(action));
}

std::uint32_t count_free_keys() {
  const auto taken = take_free_keys();
  for (const pthread_key_t key : taken) {
    if (::pthread_key_delete(key) != 0) {
      internal_error("libc does not take back a key that it gave");
    }
  }
  return static_cast<std::uint32_t>(taken.size());
}

void use_up_keys() {
  take_free_keys();
}

}  // namespace heddle::conformance
