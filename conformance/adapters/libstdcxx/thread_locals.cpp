#include "thread_locals.hpp"

#include <array>
#include <cstdint>
#include <heddle/adapter.hpp>
#include <stdexcept>
#include <utility>

namespace heddle::libstdcxx {
namespace {

constexpr std::uint32_t slot_count = HEDDLE_MAXIMUM_SLOTS;

heddle_cookie initial(heddle_storage storage, std::uint32_t slot) {
  heddle_outcome outcome{};
  kit::suite->tls_initial(storage, slot, &outcome);
  kit::settle(outcome);
  return outcome.value;
}

// Returns the slot's variable. Each slot has a function, and so a variable, of its own.

template <std::uint32_t slot>
void* lazy() {
  thread_local kit::Value value{initial(HEDDLE_STORAGE_LAZY, slot)};
  return value.address();
}

template <std::uint32_t slot>
void* lazy_plain() {
  thread_local heddle_cookie value = initial(HEDDLE_STORAGE_LAZY_PLAIN, slot);
  return &value;
}

template <std::uint32_t slot>
void* constant() {
  constinit thread_local kit::Value value{HEDDLE_CONST_COOKIE(HEDDLE_STORAGE_CONST, slot)};
  return value.address();
}

template <std::uint32_t slot>
void* constant_plain() {
  constinit thread_local heddle_cookie value =
      HEDDLE_CONST_COOKIE(HEDDLE_STORAGE_CONST_PLAIN, slot);
  return &value;
}

using Slots = std::array<void* (*)(), slot_count>;
using Storages = std::array<Slots, HEDDLE_STORAGES>;

template <std::uint32_t... slots>
constexpr Storages all_slots(std::integer_sequence<std::uint32_t, slots...>) {
  Storages storages{};
  storages[HEDDLE_STORAGE_LAZY] = {lazy<slots>...};
  storages[HEDDLE_STORAGE_LAZY_PLAIN] = {lazy_plain<slots>...};
  storages[HEDDLE_STORAGE_CONST] = {constant<slots>...};
  storages[HEDDLE_STORAGE_CONST_PLAIN] = {constant_plain<slots>...};
  return storages;
}
constexpr Storages storages = all_slots(std::make_integer_sequence<std::uint32_t, slot_count>{});

void with(std::uint32_t storage, std::uint32_t slot, heddle_body body, heddle_cookie env,
          heddle_outcome* out) {
  kit::call(out, [&](heddle_outcome& outcome) {
    kit::Closure closure{body, env};  // the initialiser may throw
    const auto variable = storages.at(storage).at(slot);
    if (variable == nullptr) {
      throw std::invalid_argument{"C++ has no thread locals of that storage"};
    }
    void* const address = variable();
    outcome.value = closure(address).release();
  });
}

}  // namespace

extern const heddle_tls tls_table = {
    .size = sizeof(heddle_tls),
    .flags = 0,
    .slots = {slot_count, slot_count, slot_count, slot_count, 0, 0, 0, 0},
    .with = with,
    .try_with = nullptr,
    .set = nullptr,
    .replace = nullptr,
    .take = nullptr,
};

}  // namespace heddle::libstdcxx
