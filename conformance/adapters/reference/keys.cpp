// Keys of the operating system.
#include <array>
#include <cstdint>
#include <utility>

#include "handles.hpp"
#include "outcomes.hpp"
#include "tables.hpp"

namespace heddle::adapter {
namespace {

using thread::Key;
using thread::StaticKey;

void create(void (*destructor)(void*), heddle_outcome* out) {
  call(out, [&] { return returned_new(Key(destructor)); });
}

void get(void* key, heddle_outcome* out) {
  call(out, [&] { return returned_handle(borrow<Key>(key).get()); });
}

void set(void* key, void* value, heddle_outcome* out) {
  call(out, [&] {
    borrow<Key>(key).set(value);
    return returned();
  });
}

constexpr std::uint32_t static_slots = HEDDLE_MAXIMUM_SLOTS;

// Destroys a slot's value. A destructor is told only the pointer, so each slot has a function of
// its own.
template <std::uint32_t slot>
void destroy_static(void* value) {
  host().key_destructor(slot, value);
}

template <std::uint32_t... slot>
constexpr std::array<StaticKey, sizeof...(slot)> all_static(
    std::integer_sequence<std::uint32_t, slot...> /*numbers*/) {
  return {StaticKey(destroy_static<slot>)...};
}
constinit std::array<StaticKey, static_slots> static_keys =
    all_static(std::make_integer_sequence<std::uint32_t, static_slots>());

void static_get(std::uint32_t slot, heddle_outcome* out) {
  call(out, [&] { return returned_handle(static_keys.at(slot).get()); });
}

void static_set(std::uint32_t slot, void* value, heddle_outcome* out) {
  call(out, [&] {
    static_keys.at(slot).set(value);
    return returned();
  });
}

}  // namespace

const heddle_keys keys = {
    .size = sizeof(heddle_keys),
    .flags = 0,
    .static_slots = static_slots,
    .reserved = 0,
    .create = create,
    .destroy = drop<Key>,
    .get = get,
    .set = set,
    .static_get = static_get,
    .static_set = static_set,
};

}  // namespace heddle::adapter
