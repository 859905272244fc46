// Thread locals while their thread lives: when and where they are initialised, and what an access
// finds.
#include "stage/stage.hpp"

namespace heddle::conformance {
namespace {

const void* address_in(Slot slot) {
  const void* found = nullptr;
  expect(with(slot, closure("looker",
                            [&found](void* address) {
                              found = address;
                              return returns();
                            })),
         returned());
  return found;
}

const auto initialised_on_first_access =
    clause("TLS-135")
        .must("A slot is initialised by its first access, once on each thread, on that thread.")
        .source(
            "Rust documentation, std::thread::LocalKey::with; "
            "Rust documentation, std::thread::LocalKey",
            "This will lazily initialize the value if this thread has not referenced this key yet.")
        .needs({Feature::tls_lazy, Feature::spawn, Feature::join})
        .example([] {
          const Counter initialisations;
          const Counter initialiser_thread;
          initialise(lazy_slot(0), [=] {
            initialisations.add();
            initialiser_thread.set(here());
            return returns(value("initial"));
          });
          for (std::uint64_t thread = 0; thread < 3; ++thread) {
            on_spawned_thread([=] {
              expect_equal(initialisations.get(), thread, "initialisations before the access");
              touch(lazy_slot(0));
              expect_equal(initialiser_thread.get(), here(), "the thread that initialised it");
              touch(lazy_slot(0));
              expect_equal(initialisations.get(), thread + 1, "initialisations after two more");
            });
          }
        });

const auto access_returns_what_its_body_returns =
    clause("TLS-153")
        .must("with returns what its body returns, and may be nested on the same slot.")
        .source("heddle/subject.h, heddle_tls.with",
                "Runs the body with the address of the value (a uint64_t) as argument. RETURNED: "
                "the body's value.")
        .needs({Feature::tls_lazy})
        .example([] {
          const Value initial = value("initial");
          const Value result = value("result");
          starts_as(lazy_slot(0), initial);
          expect(with(lazy_slot(0), closure("outer",
                                            [=](void* address) {
                                              expect(read(lazy_slot(0)) == initial &&
                                                         value_at(address) == initial,
                                                     "both accesses find the same value");
                                              return returns(result);
                                            })),
                 returned(result));
          expect_not_dropped(initial);
        });

const auto panic_in_an_access_leaves_the_value =
    clause("TLS-301")
        .must("A panic in with's body comes out of with, and leaves the slot's value as it was.")
        .source(
            "heddle/subject.h, heddle_tls.with; "
            "Rust documentation, std::thread::LocalKey::with",
            "PANICKED: the body's panic, the initialiser's, or no access.")
        .needs({Feature::tls_lazy, Feature::panic})
        .example([] {
          const Value initial = value("initial");
          const Value payload = value("payload");
          starts_as(lazy_slot(0), initial);
          expect(with(lazy_slot(0), [=] { return panics(payload); }), panicked(payload));
          expect_not_dropped(initial);
          expect(read(lazy_slot(0)) == initial, "the slot holds its value after the panic");
        });

void expect_stable_address(Slot slot) {
  on_spawned_thread([=] {
    const void* const before = address_in(slot);
    on_spawned_thread([=] { touch(slot); });
    expect(address_in(slot) == before, "each access finds the value at the same address");
  });
}

const auto address_is_stable =
    clause("TLS-152")
        .profile(everywhere, "A value keeps its address while its thread lives.")
        .source(
            "Rust 1.63, library/std/src/thread/local.rs: fast::Key; "
            "Rust 1.95, library/std/src/sys/thread_local/native/lazy.rs: Storage")
        .needs({Feature::tls_lazy, Feature::spawn, Feature::join})
        .example([] { expect_stable_address(lazy_slot(0)); });

const auto address_over_a_system_key_is_stable =
    clause("TLS-125")
        .must("A value over a key of the system is made once on each thread, and stays in place.")
        .source(
            "Rust documentation, std::thread::LocalKey::with; "
            "Rust 1.63, library/std/src/thread/local.rs: os::Key::get",
            "This will lazily initialize the value if this thread has not referenced this key yet.")
        .needs({Feature::tls_os, Feature::spawn, Feature::join})
        .example([] { expect_stable_address(system_slot(0)); });

// Returns whether a value of the first lazy slot dies at the address at which its thread found it.
bool dies_in_place() {
  const Value initial = value("initial");
  const SharedNumber<std::uintptr_t> address;
  starts_as(lazy_slot(0), initial);
  on_spawned_thread(
      [=] { address.set(reinterpret_cast<std::uintptr_t>(address_in(lazy_slot(0)))); });
  expect_dropped(initial);
  return reinterpret_cast<std::uintptr_t>(initial.dropped_at()) == address.get();
}

const auto value_dies_in_place =
    clause("TLS-302")
        .profile({"rust-1.89..", "heddle"}, "At the end of its thread a value dies in its slot.")
        .source(
            "Rust 1.95, library/std/src/sys/thread_local/native/lazy.rs: destroy; "
            "rust-lang/rust#140816; "
            "rust-lang/rust#141685")
        .needs({Feature::tls_lazy, Feature::spawn, Feature::join})
        .example(
            [] { expect(dies_in_place(), "the value dies in its slot", "it died elsewhere"); });

const auto value_is_moved_before_it_dies =
    clause("TLS-326")
        .profile({"rust-1.63..1.88"},
                 "At the end of its thread a value is moved out of its slot before it dies.")
        .source(
            "Rust 1.63, library/std/src/thread/local.rs: fast::destroy_value; "
            "rust-lang/rust#140816; "
            "rust-lang/rust#141685")
        .needs({Feature::tls_lazy, Feature::spawn, Feature::join})
        .example([] {
          expect(!dies_in_place(), "the value dies outside of its slot", "it died in its slot");
        });

// The initialiser accesses its own slot, once.
void expect_recursion_is_survived(Slot slot) {
  const Value outer = value("outer");
  const Value inner = value("inner");
  const Counter entered;
  inner.when_dropped([=] {
    expect(read(slot) == outer, "the inner value dies when the outer one has taken its place");
    return returns();
  });
  initialise(slot, [=] {
    if (entered.add() > 1) {
      return returns(inner);
    }
    expect(read(slot) == inner, "the inner access finds the inner value");
    return returns(outer);
  });
  on_ended_thread([=] {
    expect(read(slot) == outer, "the outer access finds the outer value");
    expect_dropped_on(inner, here());
    expect_not_dropped(outer);
  });
  expect_dropped(outer);
}

const auto recursive_initialisation =
    clause("TLS-145")
        .profile(everywhere,
                 "When an initialiser accesses its own slot, the outer value replaces the inner "
                 "one before the inner one dies, and each dies once.")
        .source(
            "Rust 1.63, library/std/src/thread/local.rs: lazy::LazyKeyInner::initialize; "
            "Rust 1.95, library/std/src/sys/thread_local/native/lazy.rs: "
            "Storage::get_or_init_slow; "
            "rust-lang/rust#30228")
        .needs({Feature::tls_lazy, Feature::tls_access_error, Feature::spawn, Feature::join})
        .example([] { expect_recursion_is_survived(lazy_slot(0)); });

const auto recursive_initialisation_over_a_system_key =
    clause("TLS-129")
        .profile({"rust-1.63..1.70", "heddle"},
                 "When an initialiser accesses its own slot over a key of the system, the outer "
                 "value replaces the inner one before the inner one dies, and each dies once.")
        .source(
            "Rust 1.63, library/std/src/thread/local.rs: os::Key::try_initialize; "
            "rust-lang/rust#30228")
        .needs({Feature::tls_os, Feature::spawn, Feature::join})
        .example([] { expect_recursion_is_survived(system_slot(0)); });

const auto foreign_threads_have_values_too =
    clause("TLS-160")
        .profile(everywhere,
                 "A thread that the runtime did not start has values of its own, which die on it "
                 "when it ends.")
        .source(
            "Rust 1.63, library/std/src/sys/unix/thread_local_dtor.rs: register_dtor; "
            "Rust 1.95, library/std/src/sys/thread_local/destructors/linux_like.rs: register")
        .needs({Feature::tls_lazy})
        .example([] {
          const Value initial = value("initial");
          const Counter foreign_thread;
          starts_as(lazy_slot(0), initial);
          on_foreign_thread([=] {
            foreign_thread.set(here());
            expect(read(lazy_slot(0)) == initial, "the foreign thread initialises the slot");
          });
          expect_equal(initial.dropped_on(), foreign_thread.get(), "the thread it died on");
        });

}  // namespace
}  // namespace heddle::conformance
