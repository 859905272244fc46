// Thread locals on threads that follow one another. libc hands out the same stack and the same
// pthread_t again, so what a thread left behind would show on the next one.
#include "stage/stage.hpp"

namespace heddle::conformance {
namespace {

// Citations of more than one clause.
constexpr std::string_view source_of_own_copies = "Rust documentation, std::thread";
constexpr std::string_view each_thread_has_its_own =
    "Thread-local storage is a method of storing data into a global variable that each thread in "
    "the program will have its own copy of.";

constexpr std::uint64_t threads = 20;

// Lets threads follow one another. Each finds the number in the slot with which the slot begins,
// and leaves another one there.
template <class First>
void expect_numbers_to_begin_anew(Slot slot, First first_of_thread) {
  for (std::uint64_t thread = 0; thread < threads; ++thread) {
    on_spawned_thread([=] {
      expect_equal(read(slot).cookie(), first_of_thread(thread), "the number that a thread finds");
      expect(with(slot, closure("writer",
                                [](void* address) {
                                  *static_cast<std::uint64_t*>(address) = 1;
                                  return returns();
                                })),
             returned());
    });
  }
}

// Expects the same of a slot whose initialiser counts the threads.
void expect_initialised_numbers_to_begin_anew(Slot slot) {
  constexpr std::uint64_t first = 1000;
  const Counter initialisations;
  initialise(slot, [=] { return returns(Value(first + initialisations.add() - 1)); });
  expect_numbers_to_begin_anew(slot, [](std::uint64_t thread) { return first + thread; });
}

// Lets threads follow one another. Each sets a slot with values of the suite's.
void expect_values_to_begin_anew(Slot slot) {
  for (std::uint64_t thread = 0; thread < threads; ++thread) {
    const Value initial = value("initial");
    const Value left = value("left behind");
    initialise(slot, [=] { return returns(initial); });
    on_ended_thread([=] {
      touch(slot);
      const Outcome replaced = replace(slot, left);
      expect(replaced, returned(initial));
    });
    expect_dropped(left);
  }
}

const auto plain =
    clause("TLS-329")
        .must(
            "A slot of a type without destructor is initialised anew on each thread, even if "
            "threads follow one another.")
        .source(source_of_own_copies, each_thread_has_its_own)
        .needs({Feature::tls_plain, Feature::spawn, Feature::join})
        .example([] { expect_initialised_numbers_to_begin_anew(plain_slot(0)); });

const auto plain_over_system_keys =
    clause("TLS-330")
        .must(
            "A slot over a key of the system, of a type without destructor, is initialised anew on "
            "each thread, even if threads follow one another.")
        .source(source_of_own_copies, each_thread_has_its_own)
        .needs({Feature::tls_os_plain, Feature::spawn, Feature::join})
        .example([] {
          expect_initialised_numbers_to_begin_anew({HEDDLE_STORAGE_OS_PLAIN, 0});
        });

const auto plain_constants =
    clause("TLS-331")
        .must(
            "A constant-initialised slot of a type without destructor starts as its constant on "
            "each thread, even if threads follow one another.")
        .source(
            "heddle/subject.h, HEDDLE_CONST_COOKIE; "
            "Rust documentation, std::thread_local",
            "What a CONST slot starts as, since a constant initialiser cannot ask the suite.")
        .needs({Feature::tls_const_plain, Feature::spawn, Feature::join})
        .example([] {
          expect_numbers_to_begin_anew({HEDDLE_STORAGE_CONST_PLAIN, 0}, [](std::uint64_t) {
            return HEDDLE_CONST_COOKIE(HEDDLE_STORAGE_CONST_PLAIN, 0);
          });
        });

const auto cells =
    clause("TLS-332")
        .must("A Cell slot is initialised anew on each thread, even if threads follow one another.")
        .source(source_of_own_copies, each_thread_has_its_own)
        .needs({Feature::tls_cell, Feature::spawn, Feature::join})
        .example([] { expect_values_to_begin_anew(cell_slot(0)); });

const auto refcells =
    clause("TLS-333")
        .must(
            "A RefCell slot is initialised anew on each thread, even if threads follow one "
            "another.")
        .source(source_of_own_copies, each_thread_has_its_own)
        .needs({Feature::tls_refcell, Feature::spawn, Feature::join})
        .example([] { expect_values_to_begin_anew(refcell_slot(0)); });

}  // namespace
}  // namespace heddle::conformance
