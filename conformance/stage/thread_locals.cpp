#include "stage/thread_locals.hpp"

#include <fmt/format.h>

#include "stage/signal.hpp"
#include "stage/stage_case.hpp"

namespace heddle::conformance {
namespace {

const heddle_tls& tls() {
  return *subject().tls;
}

/// Ends the case without a verdict when the subject has fewer slots of this storage than the clause
/// needs.
void require(Slot slot) {
  if (slot.number >= slots_of(slot.storage)) {
    excuse(
        fmt::format("the subject has fewer slots than the check needs: heddle_tls.slots[{}] is {}",
                    static_cast<int>(slot.storage), slots_of(slot.storage)));
  }
}

Outcome access(std::string_view call, Slot slot, const Closure& body,
               decltype(heddle_tls::with) function) {
  require(slot);
  note(fmt::format("calls {} on storage {}, slot {}", call, static_cast<int>(slot.storage),
                   slot.number));
  heddle_outcome raw{};
  function(slot.storage, slot.number, run_closure, body.captured().cookie(), &raw);
  return Outcome(call, raw, true);
}

}  // namespace

std::uint32_t slots_of(heddle_storage storage) {
  return tls().slots[storage];
}

void initialise(Slot slot, std::function<Ending()> initialiser) {
  require(slot);
  set_initialiser(slot.storage, slot.number, std::move(initialiser));
}

void starts_as(Slot slot, Value first) {
  const Counter initialisations;
  initialise(slot,
             [=] { return returns(initialisations.add() == 1 ? first : value("a later value")); });
}

Outcome with(Slot slot, const Closure& body) {
  return access("with", slot, body, tls().with);
}

Outcome try_with(Slot slot, const Closure& body) {
  return access("try_with", slot, body, tls().try_with);
}

Value read(Slot slot) {
  Value found;
  expect(with(slot, closure("reader",
                            [&found](void* address) {
                              found = value_at(address);
                              return returns();
                            })),
         returned());
  return found;
}

std::optional<Value> try_read(Slot slot) {
  std::optional<Value> found;
  const Outcome outcome = try_with(slot, closure("reader", [&found](void* address) {
                                     found = value_at(address);
                                     return returns();
                                   }));
  if (outcome.tag() != HEDDLE_NO_ACCESS) {
    expect(outcome, returned());
  }
  return found;
}

void touch(Slot slot) {
  expect(with(slot, closure("toucher", [] { return returns(); })), returned());
}

Outcome set(Slot slot, Value value) {
  require(slot);
  note(fmt::format("calls set with {}", value.name()));
  heddle_outcome raw{};
  tls().set(slot.storage, slot.number, value.cookie(), &raw);
  return Outcome("set", raw, false);
}

Outcome replace(Slot slot, Value value) {
  require(slot);
  note(fmt::format("calls replace with {}", value.name()));
  heddle_outcome raw{};
  tls().replace(slot.storage, slot.number, value.cookie(), &raw);
  return Outcome("replace", raw, true);
}

Outcome take(Slot slot) {
  require(slot);
  note("calls take");
  heddle_outcome raw{};
  tls().take(slot.storage, slot.number, &raw);
  return Outcome("take", raw, true);
}

}  // namespace heddle::conformance
