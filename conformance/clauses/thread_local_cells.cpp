// Thread locals around a Cell or RefCell: assigned to, replaced and taken without an access.
#include <cstdint>
#include <memory>

#include "models/cell_model.hpp"
#include "stage/stage.hpp"

namespace heddle::conformance {
namespace {

// Citations of more than one clause.
constexpr std::string_view sources_of_cells =
    "Rust documentation, std::thread::LocalKey::replace; "
    "Rust documentation, std::thread::LocalKey::set; "
    "Rust documentation, std::thread::LocalKey::take";

void expect_no_initialiser_on_set(Slot slot) {
  const Counter initialisations;
  const Value first = value("first");
  const Value second = value("second");
  initialise(slot, [=] {
    initialisations.add();
    return returns(value("initial"));
  });
  on_ended_thread([=] {
    expect(set(slot, first), returned());
    expect(read(slot) == first, "the slot holds the value that it was set to");
    expect(set(slot, second), returned());
    expect_dropped_on(first, here());
    expect(read(slot) == second, "the slot holds the value that it was set to last");
  });
  expect_dropped(second);
  expect_equal(initialisations.get(), 0, "initialisers run");
}

const auto set_does_not_initialise =
    clause("TLS-154")
        .must(
            "set stores its value in a Cell slot that has none without running the initialiser, "
            "and drops the value that it replaces.")
        .source(
            "Rust documentation, std::thread::LocalKey::set",
            "Unlike the other methods, this will not run the lazy initializer of the thread local.")
        .needs({Feature::tls_cell, Feature::spawn, Feature::join})
        .example([] { expect_no_initialiser_on_set(cell_slot(0)); });

const auto set_does_not_initialise_refcell =
    clause("TLS-315")
        .must(
            "set stores its value in a RefCell slot that has none without running the "
            "initialiser, and drops the value that it replaces.")
        .source(
            "Rust documentation, std::thread::LocalKey::set",
            "Unlike the other methods, this will not run the lazy initializer of the thread local.")
        .needs({Feature::tls_refcell, Feature::spawn, Feature::join})
        .example([] { expect_no_initialiser_on_set(refcell_slot(0)); });

const auto borrowed_refcell_is_not_changed =
    clause("TLS-155")
        .must(
            "set, replace and take of a RefCell slot panic while it is borrowed; the slot keeps "
            "its value, and what it should have been set to is dropped.")
        .source(
            "Rust documentation, std::thread::LocalKey::set; "
            "Rust documentation, std::thread::LocalKey::replace; "
            "Rust documentation, std::thread::LocalKey::take",
            "Panics if the value is currently borrowed.")
        .needs({Feature::tls_refcell, Feature::spawn, Feature::join, Feature::panic})
        .example([] {
          const Slot slot = refcell_slot(0);
          const Value initial = value("initial");
          const Value to_set = value("the value to set");
          const Value to_replace = value("the value to replace with");
          starts_as(slot, initial);
          on_ended_thread([=] {
            expect(with(slot, closure("borrower",
                                      [=] {
                                        expect(set(slot, to_set), panicked());
                                        expect_dropped(to_set);
                                        expect(replace(slot, to_replace), panicked());
                                        expect_dropped(to_replace);
                                        expect(take(slot), panicked());
                                        return returns();
                                      })),
                   returned());
            expect(read(slot) == initial, "the slot keeps its value");
          });
          expect_dropped(initial);
        });

const auto panic_ends_the_borrow =
    clause("TLS-324")
        .must("A panic that leaves an access to a RefCell slot ends the access's borrow.")
        .source(
            "Rust documentation, std::cell::RefCell::borrow_mut; "
            "Rust documentation, std::thread::LocalKey::with_borrow_mut",
            "The borrow lasts until the returned RefMut or all RefMuts derived from it exit scope.")
        .needs({Feature::tls_refcell, Feature::spawn, Feature::join, Feature::panic})
        .example([] {
          const Slot slot = refcell_slot(0);
          const Value initial = value("initial");
          starts_as(slot, initial);
          on_ended_thread([=] {
            expect(with(slot, [] { return panics("while it is borrowed"); }), panicked());
            expect(replace(slot, value("next")), returned(initial));
          });
        });

const auto set_drops_last =
    clause("TLS-325")
        .profile(everywhere,
                 "set drops what it replaces in a Cell slot when the new value is in place.")
        .source(
            "Rust 1.63, library/core/src/cell.rs: Cell::set; "
            "Rust 1.95, library/core/src/cell.rs: Cell::set")
        .needs({Feature::tls_cell, Feature::spawn, Feature::join})
        .example([] {
          const Slot slot = cell_slot(0);
          const Value second = value("second");
          const Value first = value("first").when_dropped([=] {
            expect(read(slot) == second, "the first value dies when the second is in place");
            return returns();
          });
          starts_as(slot, first);
          on_ended_thread([=] {
            touch(slot);
            expect(set(slot, second), returned());
            expect_dropped(first);
          });
        });

const auto set_in_own_destructor =
    clause("TLS-316")
        .must(
            "While a Cell slot's value is being destroyed, set panics, and drops what it was "
            "given.")
        .source("Rust documentation, std::thread::LocalKey::set",
                "Panics if the key currently has its destructor running, and it may panic if the "
                "destructor has previously been run for this thread.")
        .needs({Feature::tls_cell, Feature::tls_access_error, Feature::spawn, Feature::join,
                Feature::panic})
        .example([] {
          const Value late = value("late");
          const Value dying = value("dying").when_dropped([=] {
            expect(set(cell_slot(0), late), panicked());
            expect_dropped_on(late, here());
            return returns();
          });
          starts_as(cell_slot(0), dying);
          on_ended_thread([] { touch(cell_slot(0)); });
          expect_dropped(dying);
        });

enum class CellAction : std::uint32_t { set, replace, take, read };

struct CellStep {
  CellAction action;
};

std::string describe(const CellStep& step) {
  switch (step.action) {
    case CellAction::set:
      return "set a new value";
    case CellAction::replace:
      return "replace by a new value";
    case CellAction::take:
      return "take the value";
    default:
      return "read the value";
  }
}

rc::Gen<std::vector<CellStep>> cell_programs() {
  return rc::gen::scale(0.3, rc::gen::container<std::vector<CellStep>>(
                                 rc::gen::map(rc::gen::element(CellAction::set, CellAction::replace,
                                                               CellAction::take, CellAction::read),
                                              [](CellAction action) { return CellStep{action}; })));
}

// Runs the program on the calling thread, and returns what is left in the slot.
Value play_on_cell(Slot slot, std::span<const CellStep> program, Value initial) {
  CellModel model;
  for (const CellStep& step : program) {
    if (step.action == CellAction::set) {
      const Value put = value("set");
      expect(set(slot, put), returned());
      if (const Value before(model.put(put.cookie())); before.cookie() != 0) {
        expect_dropped_on(before, here());
      }
      continue;
    }
    if (model.is_unset()) {
      model.put(initial.cookie());
    }
    const Value before(model.contents());
    if (step.action == CellAction::replace) {
      const Value put = value("replacement");
      model.put(put.cookie());
      expect(replace(slot, put), returned(before));
    } else if (step.action == CellAction::take) {
      model.put(0);
      expect(take(slot), returned(before));
    } else {
      expect(read(slot) == before, "the slot holds what was put there last");
    }
  }
  return Value(model.contents());
}

// The runtime must not drop a value that came out; the stage itself checks that.
void check_cell_program(Slot slot, std::span<const CellStep> program) {
  const Value initial = value("initial");
  const auto left = std::make_shared<Value>();
  starts_as(slot, initial);
  on_ended_thread([=] { *left = play_on_cell(slot, program, initial); });
  if (left->cookie() != 0) {
    expect_dropped(*left);
  }
}

const auto cells_follow_the_model =
    clause("TLS-317")
        .must(
            "Whatever is done to a Cell slot, it holds what was put there last, what is replaced "
            "or taken comes out, what is overwritten dies, and what is left dies with its thread.")
        .source(sources_of_cells, "Replaces the contained value, returning the old value.")
        .needs({Feature::tls_cell, Feature::spawn, Feature::join})
        .property<CellStep>(cell_programs(), [](std::span<const CellStep> program) {
          check_cell_program(cell_slot(0), program);
        });

const auto refcells_follow_the_model =
    clause("TLS-318")
        .must(
            "Whatever is done to a RefCell slot, it holds what was put there last, what is "
            "replaced or taken comes out, what is overwritten dies, and what is left dies with "
            "its thread.")
        .source(sources_of_cells, "Replaces the contained value, returning the old value.")
        .needs({Feature::tls_refcell, Feature::spawn, Feature::join})
        .property<CellStep>(cell_programs(), [](std::span<const CellStep> program) {
          check_cell_program(refcell_slot(0), program);
        });

}  // namespace
}  // namespace heddle::conformance
