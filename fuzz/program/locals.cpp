// Steps with thread locals: values that initialisers and destructors look at, and cells.
#include <fmt/format.h>

#include <algorithm>

#include "program/program.hpp"
#include "program/story.hpp"

namespace heddle::fuzz {
namespace {

// The model's slots: the lazy ones first, then the constants.
constexpr std::size_t all_slots = conformance::ThreadLocalModel::slot_count;
constexpr std::size_t lazy_slots = all_slots - 2;
constexpr std::uint64_t plain_number = 77;  // what the plain slots begin with

std::uint32_t storage_of(std::size_t slot) {
  return slot < lazy_slots ? HEDDLE_STORAGE_LAZY : HEDDLE_STORAGE_CONST;
}
std::uint32_t number_of(std::size_t slot) {
  return static_cast<std::uint32_t>(slot < lazy_slots ? slot : slot - lazy_slots);
}
std::string words_for(std::size_t slot) {
  return fmt::format("{} slot {}", slot < lazy_slots ? "lazy" : "constant", number_of(slot));
}
heddle_cookie constant(std::size_t slot) {
  return HEDDLE_CONST_COOKIE(HEDDLE_STORAGE_CONST, number_of(slot));
}
bool is_constant(heddle_cookie cookie) {
  return cookie >> 16 == HEDDLE_CONST_COOKIE(0, 0) >> 16;
}

thread_local heddle_cookie read_last = 0;

void read_body(heddle_cookie /*env*/, void* argument, heddle_outcome* out) {
  read_last = *static_cast<const heddle_cookie*>(argument);
  *out = {};
}

}  // namespace

void Program::dropped(heddle_cookie cookie) {
  if (is_constant(cookie)) {
    return destroy_local(lazy_slots + cookie % 256, cookie);
  }
  values_.dropped(cookie);
  if (const auto slot = values_.slot_of(cookie)) {
    destroy_local(*slot, cookie);
  }
}

// What an initialiser gives: a value of its own, or a plain number.
void Program::initial(std::uint32_t storage, std::uint32_t slot, heddle_outcome* out) {
  *out = {};
  if (storage == HEDDLE_STORAGE_LAZY) {
    return initialise_local(slot, out);
  }
  const bool plain = storage == HEDDLE_STORAGE_LAZY_PLAIN || storage == HEDDLE_STORAGE_OS_PLAIN;
  auto& cell = beings_[here()]->cells.at(storage).at(slot);
  if (!cell.is_unset()) {
    fail("a slot is initialised when it has no value",
         fmt::format("storage {}, slot {} has one", storage, slot));
  }
  out->value = plain ? plain_number + slot : values_.make("the first value of a slot");
  cell.put(out->value);
}

void Program::initialise_local(std::size_t slot, heddle_outcome* out) {
  Being& being = *beings_[here()];
  if (slot >= lazy_slots || !being.locals.begins_to_initialise(slot)) {
    fail("a slot is initialised when it has no value", words_for(slot) + " is initialised");
  }
  touch_all(being, initialiser_touches_[slot]);
  out->value = values_.make("a value of " + words_for(slot));
  values_.set_slot(out->value, slot);
  being.locals.initialised(slot, out->value);
}

void Program::destroy_local(std::size_t slot, heddle_cookie cookie) {
  Being& being = *beings_[here()];
  if (!being.locals.begins_to_die(slot, cookie)) {
    fail("thread locals die once, the youngest first", words_for(slot) + " dies");
  }
  if (!is_constant(cookie)) {
    values_.expect_dropped(cookie, here());
  }
  touch_all(being, destructor_touches_[slot]);
  being.locals.has_died(slot);
}

void Program::touch_all(Being& being, unsigned slots) {
  for (std::size_t slot = 0; slot < all_slots; ++slot) {
    if ((slots >> slot & 1) != 0) {
      visit(being, slot);
    }
  }
}

void Program::note_constant(Being& being, std::size_t slot) {
  if (being.locals.predict(slot) == conformance::Access::initialises) {
    static_cast<void>(being.locals.begins_to_initialise(slot));  // predicted just above
    being.locals.initialised(slot, constant(slot));
  }
}

std::optional<heddle_cookie> Program::try_read(std::uint32_t storage, std::uint32_t slot) {
  heddle_outcome out{};
  subject_.tls->try_with(storage, slot, read_body, 0, &out);
  if (out.tag == HEDDLE_NO_ACCESS) {
    return std::nullopt;
  }
  expect_returned(out);
  return read_last;
}

// On the being's own thread: reads the slot, and compares with the model.
void Program::visit(Being& being, std::size_t slot) {
  if (slot >= lazy_slots) {
    note_constant(being, slot);
  }
  const bool refused = being.locals.predict(slot) == conformance::Access::no_access;
  const auto found = try_read(storage_of(slot), number_of(slot));
  const bool right =
      found ? !refused && being.locals.is_alive(slot) && *found == being.locals.value_of(slot)
            : refused;
  if (!right) {
    fail(fmt::format("an access to {} {}", words_for(slot),
                     refused ? "is refused" : "finds its value"),
         found ? fmt::format("it found {:#x}", *found) : "it was refused");
  }
}

void Program::touch_step(Being& being) {
  constexpr std::array<std::uint32_t, 5> others = {HEDDLE_STORAGE_CELL, HEDDLE_STORAGE_REFCELL,
                                                   HEDDLE_STORAGE_OS, HEDDLE_STORAGE_LAZY_PLAIN,
                                                   HEDDLE_STORAGE_OS_PLAIN};
  const std::size_t lot = input_.below(all_slots + 2 * others.size());
  if (lot < all_slots) {
    tell(fmt::format("{} reads {}", being.actor.number(), words_for(lot)));
    return being.actor.run([&] { visit(being, lot); });
  }
  const std::uint32_t storage = others[(lot - all_slots) / 2];
  const auto slot = static_cast<std::uint32_t>(lot % 2);
  tell(fmt::format("{} reads storage {}, slot {}", being.actor.number(), storage, slot));
  std::optional<heddle_cookie> found;
  being.actor.run([&] { found = try_read(storage, slot); });
  if (found != being.cells.at(storage).at(slot).contents()) {
    fail("a slot holds what was put there last", fmt::format("it held {:#x}", found.value_or(0)));
  }
}

// Lets every later initialiser, or destructor, of a slot read another one. Initialisers read only
// slots of higher numbers: an initialiser that comes back to its own slot is undefined.
void Program::script_step() {
  const bool initialiser = input_.flag();
  const std::size_t slot = input_.below(all_slots);
  const std::size_t other = input_.below(all_slots);
  if (initialiser && (slot >= other || slot >= lazy_slots)) {
    return;
  }
  tell(fmt::format("from now on the {} of {} reads {}", initialiser ? "initialiser" : "destructor",
                   words_for(slot), words_for(other)));
  (initialiser ? initialiser_touches_ : destructor_touches_)[slot] |= 1U << other;
}

bool Program::is_borrowed(const Being& being, std::uint32_t storage, std::uint32_t slot) {
  return storage == HEDDLE_STORAGE_REFCELL &&
         std::ranges::any_of(being.frames, [=](const auto& frame) {
           return frame->kind == FrameKind::access && frame->storage == storage &&
                  frame->slot == slot;
         });
}

void Program::cell_step(Being& being, char kind) {
  const std::uint32_t storage = input_.flag() ? HEDDLE_STORAGE_REFCELL : HEDDLE_STORAGE_CELL;
  const auto slot = static_cast<std::uint32_t>(input_.below(2));
  const heddle_cookie value = kind == '-' ? 0 : values_.make("a value for a cell");
  tell(fmt::format("{} {} storage {}, slot {}", being.actor.number(),
                   kind == '='   ? "sets"
                   : kind == '~' ? "replaces"
                                 : "takes",
                   storage, slot));
  const heddle_outcome out = call(being, [&](heddle_outcome* o) {
    if (kind == '=') {
      subject_.tls->set(storage, slot, value, o);
    } else if (kind == '~') {
      subject_.tls->replace(storage, slot, value, o);
    } else {
      subject_.tls->take(storage, slot, o);
    }
  });
  if (is_borrowed(being, storage, slot)) {
    expect(out.tag == HEDDLE_PANICKED, "a borrowed cell is not changed", out);
    values_.expect_dropped(value, being.actor.number());
    ++hooks_expected_;
    return;
  }
  // An initialiser has noted its own value by now.
  const heddle_cookie before = being.cells.at(storage).at(slot).put(value);
  if (kind == '=') {
    expect_returned(out);
    return values_.expect_dropped(before, being.actor.number());
  }
  expect(out.tag == HEDDLE_RETURNED && out.value == before, "what the cell held comes out", out);
  if (before != 0) {
    values_.came_back(before);
  }
}

}  // namespace heddle::fuzz
