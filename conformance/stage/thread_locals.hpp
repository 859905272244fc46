// The subject's thread locals, in the vocabulary of checks.
#pragma once

#include <heddle/subject.h>

#include <cstdint>
#include <functional>
#include <optional>

#include "stage/outcome.hpp"
#include "stage/value.hpp"

namespace heddle::conformance {

/// A thread-local variable of the subject, in which each thread has its own value.
struct Slot {
  heddle_storage storage;
  std::uint32_t number;
};

inline Slot lazy_slot(std::uint32_t number) {
  return {HEDDLE_STORAGE_LAZY, number};
}
inline Slot plain_slot(std::uint32_t number) {
  return {HEDDLE_STORAGE_LAZY_PLAIN, number};
}
inline Slot const_slot(std::uint32_t number) {
  return {HEDDLE_STORAGE_CONST, number};
}
inline Slot cell_slot(std::uint32_t number) {
  return {HEDDLE_STORAGE_CELL, number};
}
inline Slot refcell_slot(std::uint32_t number) {
  return {HEDDLE_STORAGE_REFCELL, number};
}
/// Returns a slot over a key of the operating system.
inline Slot system_slot(std::uint32_t number) {
  return {HEDDLE_STORAGE_OS, number};
}

/// Returns how many slots of this storage the subject has.
std::uint32_t slots_of(heddle_storage storage);

/// Sets the slot's initialiser for every thread that first accesses the slot from now on.
void initialise(Slot slot, std::function<Ending()> initialiser);
/// Has the slot start as `first` on the thread that initialises it first, and as a new value on
/// every other.
void starts_as(Slot slot, Value first);

/// Runs the body on the slot's value. The body's argument is the value's address: see value_at().
Outcome with(Slot slot, const Closure& body);
Outcome try_with(Slot slot, const Closure& body);

/// Returns the calling thread's value of the slot, which the first access initialises.
Value read(Slot slot);
/// Returns the calling thread's value of the slot, or nothing when the subject refuses access.
/// Needs Feature::tls_access_error.
std::optional<Value> try_read(Slot slot);
/// Accesses the slot, and ignores the value.
void touch(Slot slot);

/// @name Cell and RefCell slots
/// @{
Outcome set(Slot slot, Value value);
Outcome replace(Slot slot, Value value);
Outcome take(Slot slot);
/// @}

}  // namespace heddle::conformance
