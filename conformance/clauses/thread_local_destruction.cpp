// The end of a thread: its values die, and their destructors access other slots.
//
// The mechanism decides which of two values dies first. So a check of what one destructor finds of
// the other value lets both destructors look, and judges the one that looked at the right time.
#include <cstdint>
#include <vector>

#include "stage/stage.hpp"

namespace heddle::conformance {
namespace {

// Citations of more than one clause.
constexpr std::string_view destroyed_means_no_access =
    "If the key has been destroyed (which may happen if this is called in a destructor), this "
    "function will return an AccessError.";

constexpr Slot first_slot = {HEDDLE_STORAGE_LAZY, 0};
constexpr Slot second_slot = {HEDDLE_STORAGE_LAZY, 1};

// Makes two values, of which each one's destructor calls `look` with the other's slot and value.
void destroy_pair(const std::function<void(Slot, Value)>& look) {
  const Value first = value("first");
  const Value second = value("second");
  starts_as(first_slot, first.when_dropped([=] {
    look(second_slot, second);
    return returns();
  }));
  starts_as(second_slot, second.when_dropped([=] {
    look(first_slot, first);
    return returns();
  }));
  on_ended_thread([] {
    touch(first_slot);
    touch(second_slot);
  });
  expect_dropped(first);
  expect_dropped(second);
}

// A slot's value accesses its own slot while it is destroyed.
void expect_refusal_in_own_destructor(Slot slot) {
  const Closure late = closure("late", [] { return returns(); });
  const Value dying = value("dying").when_dropped([=] {
    expect(try_with(slot, late), no_access());
    return returns();
  });
  starts_as(slot, dying);
  on_ended_thread([=] { touch(slot); });
  expect_dropped(dying);
  expect_dropped(late.captured());
  expect_equal(late.runs(), 0, "how often the late body ran");
}

const auto no_access_in_own_destructor =
    clause("TLS-141")
        .must("While a slot's value is being destroyed, try_with answers that there is no access.")
        .source(
            "Rust documentation, std::thread::LocalKey::try_with; "
            "Rust 1.63, library/std/src/thread/local.rs: fast::Key::try_register_dtor; "
            "Rust 1.95, library/std/src/sys/thread_local/native/lazy.rs: destroy",
            destroyed_means_no_access)
        .needs({Feature::tls_lazy, Feature::tls_access_error, Feature::spawn, Feature::join})
        .example([] { expect_refusal_in_own_destructor(lazy_slot(0)); });

const auto no_access_in_own_destructor_of_a_constant =
    clause("TLS-307")
        .must("While a constant-initialised slot's value is being destroyed, there is no access.")
        .source(
            "Rust documentation, std::thread::LocalKey::try_with; "
            "Rust 1.63, library/std/src/thread/local.rs: __thread_local_inner!; "
            "Rust 1.95, library/std/src/sys/thread_local/native/eager.rs: destroy",
            destroyed_means_no_access)
        .needs({Feature::tls_const, Feature::tls_access_error, Feature::spawn, Feature::join})
        .example([] {
          const Value dying(HEDDLE_CONST_COOKIE(HEDDLE_STORAGE_CONST, 0));
          dying.when_dropped([] {
            expect(try_with(const_slot(0), [] { return returns(); }), no_access());
            return returns();
          });
          on_ended_thread([] { touch(const_slot(0)); });
          expect_dropped(dying);
        });

const auto no_access_in_own_destructor_over_a_system_key =
    clause("TLS-126")
        .must("While a value over a key of the system is being destroyed, there is no access.")
        .source(
            "Rust documentation, std::thread::LocalKey::try_with; "
            "Rust 1.63, library/std/src/thread/local.rs: os::destroy_value",
            destroyed_means_no_access)
        .needs({Feature::tls_os, Feature::tls_access_error, Feature::spawn, Feature::join})
        .example([] { expect_refusal_in_own_destructor(system_slot(0)); });

const auto with_panics_in_own_destructor =
    clause("TLS-308")
        .must("While a slot's value is being destroyed, with panics, and its body does not run.")
        .source("Rust documentation, std::thread::LocalKey::with",
                "This function will panic!() if the key currently has its destructor running, and "
                "it may panic if the destructor has previously been run for this thread.")
        .needs({Feature::tls_lazy, Feature::tls_access_error, Feature::spawn, Feature::join,
                Feature::panic})
        .example([] {
          const Closure late = closure("late", [] { return returns(); });
          const Value dying = value("dying").when_dropped([=] {
            expect(with(lazy_slot(0), late), panicked());
            return returns();
          });
          starts_as(lazy_slot(0), dying);
          on_ended_thread([] { touch(lazy_slot(0)); });
          expect_dropped(dying);
          expect_dropped(late.captured());
          expect_equal(late.runs(), 0, "how often the late body ran");
        });

const auto text_of_a_late_access =
    clause("TLS-309")
        .profile({"rust-1.63.."},
                 "with's panic says that a thread local cannot be accessed during or after "
                 "destruction, and try_with's error that it is already destroyed.")
        .source(
            "Rust 1.63, library/std/src/thread/local.rs: LocalKey::with; "
            "Rust 1.63, library/std/src/thread/local.rs: AccessError; "
            "Rust 1.95, library/std/src/thread/local.rs: panic_access_error; "
            "Rust 1.95, library/std/src/thread/local.rs: AccessError")
        .needs({Feature::tls_lazy, Feature::tls_access_error, Feature::spawn, Feature::join,
                Feature::panic})
        .example([] {
          const Value dying = value("dying").when_dropped([] {
            expect_equal(with(lazy_slot(0), [] { return returns(); }).text(),
                         "cannot access a Thread Local Storage value during or after destruction: "
                         "AccessError",
                         "what with's panic says");
            expect_equal(try_with(lazy_slot(0), [] { return returns(); }).text(),
                         "already destroyed", "what try_with's error says");
            return returns();
          });
          starts_as(lazy_slot(0), dying);
          on_ended_thread([] { touch(lazy_slot(0)); });
          expect_dropped(dying);
        });

const auto dead_values_are_not_found =
    clause("TLS-142")
        .must(
            "An access to a slot whose value has died on this thread is refused, or finds a new "
            "value, never the dead one.")
        .source(
            "Rust documentation, std::thread::LocalKey::try_with; "
            "Rust documentation, std::thread::LocalKey",
            destroyed_means_no_access)
        .needs({Feature::tls_lazy, Feature::tls_access_error, Feature::spawn, Feature::join})
        .example([] {
          const Counter looked;
          destroy_pair([=](Slot slot, Value other) {
            if (other.drops() > 0) {
              expect(try_read(slot) != other, "the access does not find the value that has died");
              looked.add();
            }
          });
          expect_equal(looked.get(), 1, "destructors that came after the other");
        });

const auto dead_slots_stay_dead =
    clause("TLS-138")
        .profile(everywhere,
                 "A slot whose value has died on this thread refuses every further access.")
        .source(
            "Rust 1.63, library/std/src/thread/local.rs: fast::Key::try_register_dtor; "
            "Rust 1.95, library/std/src/sys/thread_local/native/lazy.rs: Storage::get_or_init_slow")
        .needs({Feature::tls_lazy, Feature::tls_access_error, Feature::spawn, Feature::join})
        .example([] {
          const Counter refused;
          destroy_pair([=](Slot slot, Value other) {
            for (int access = 0; access < 3 && other.drops() > 0; ++access) {
              expect(try_with(slot, [] { return returns(); }), no_access());
              refused.add();
            }
          });
          expect_equal(refused.get(), 3, "refused accesses");
        });

const auto live_values_are_found =
    clause("TLS-143")
        .must("A destructor finds the value of a slot that has not been destroyed yet.")
        .source(
            "Rust documentation, std::thread::LocalKey::with; "
            "Rust 1.63, library/std/src/thread/local/tests.rs: circular; "
            "Rust 1.95, library/std/tests/thread_local/tests.rs: circular",
            "Acquires a reference to the value in this TLS key.")
        .needs({Feature::tls_lazy, Feature::spawn, Feature::join})
        .example([] {
          const Counter looked;
          destroy_pair([=](Slot slot, Value other) {
            if (other.drops() == 0) {
              expect(read(slot) == other, "the destructor finds the other slot's value");
              looked.add();
            }
          });
          expect_equal(looked.get(), 1, "destructors that came before the other");
        });

const auto first_touched_in_a_destructor =
    clause("TLS-144")
        .must(
            "A slot that is first accessed in a destructor is initialised, and its value "
            "also dies as the thread ends.")
        .source(
            "Rust documentation, std::thread; "
            "Rust documentation, std::thread::LocalKey::with",
            "A thread-local key owns the value it contains and will destroy the value when the "
            "thread exits.")
        .needs({Feature::tls_lazy, Feature::spawn, Feature::join})
        .example([] {
          const Value late = value("late");
          const Counter thread;
          starts_as(second_slot, late);
          starts_as(first_slot, value("early").when_dropped([=] {
            expect(read(second_slot) == late, "the access in the destructor finds a value");
            return returns();
          }));
          on_ended_thread([=] {
            thread.set(here());
            touch(first_slot);
          });
          expect_dropped(late);
          expect_equal(late.dropped_on(), thread.get(), "the thread that it died on");
        });

const auto late_values_die_next =
    clause("TLS-310")
        .profile(everywhere,
                 "A value made in a destructor dies next, before the older ones, however deep "
                 "such destructors are nested.")
        .source(
            "Rust 1.63, library/std/src/thread/local/tests.rs: dtors_in_dtors_in_dtors; "
            "Rust 1.95, library/std/tests/thread_local/tests.rs: dtors_in_dtors_in_dtors; "
            "glibc 2.36, stdlib/cxa_thread_atexit_impl.c: __call_tls_dtors")
        .needs({Feature::tls_lazy, Feature::spawn, Feature::join})
        .example([] {
          const std::uint32_t count = slots_of(HEDDLE_STORAGE_LAZY);
          std::vector<Moment> deaths;
          const Value oldest = value("oldest");
          starts_as(lazy_slot(0), oldest);
          for (std::uint32_t number = 1; number < count; ++number) {
            const Value link = value("link " + std::to_string(number)).when_dropped([=] {
              if (number + 1 < count) {
                touch(lazy_slot(number + 1));
              }
              return returns();
            });
            starts_as(lazy_slot(number), link);
            deaths.push_back(dropping(link));
          }
          deaths.push_back(dropping(oldest));
          on_ended_thread([] {
            touch(lazy_slot(0));
            touch(lazy_slot(1));
          });
          expect_order(deaths);
        });

// The initialiser of the first slot accesses the second. The outer value's destructor has access to
// the inner value if and only if the inner value dies last.
void expect_inner_value_to_die(bool last) {
  const Value inner = value("inner");
  const Value outer = value("outer").when_dropped([=] {
    expect(try_read(second_slot).has_value() == last,
           last ? "the outer value's destructor has access to the inner value"
                : "the outer value's destructor has no access to the inner value");
    return returns();
  });
  starts_as(second_slot, inner);
  initialise(first_slot, [=] {
    touch(second_slot);
    return returns(outer);
  });
  on_ended_thread([] { touch(first_slot); });
  expect_order(last ? std::vector{dropping(outer), dropping(inner)}
                    : std::vector{dropping(inner), dropping(outer)});
}

const auto registered_before_initialisation =
    clause("TLS-139")
        .profile({"rust-1.63..1.79", "heddle"},
                 "A slot's destructor is registered before its initialiser runs: a slot that the "
                 "initialiser accesses first dies first.")
        .source(
            "Rust 1.63, library/std/src/thread/local.rs: fast::Key::try_initialize; "
            "rust-lang/rust#116123")
        .needs({Feature::tls_lazy, Feature::tls_access_error, Feature::spawn, Feature::join})
        .example([] { expect_inner_value_to_die(/*last=*/false); });

const auto registered_after_initialisation =
    clause("TLS-327")
        .profile({"rust-1.80.."},
                 "A slot's destructor is registered after its initialiser has run: a slot that the "
                 "initialiser accesses first dies last.")
        .source(
            "Rust 1.95, library/std/src/sys/thread_local/native/lazy.rs: "
            "Storage::get_or_init_slow; "
            "rust-lang/rust#116123")
        .needs({Feature::tls_lazy, Feature::tls_access_error, Feature::spawn, Feature::join})
        .example([] { expect_inner_value_to_die(/*last=*/true); });

const auto threads_work_in_destructors =
    clause("TLS-159")
        .profile(everywhere, "spawn and join, scopes, and parking work in destructors.")
        .source(
            "Rust 1.63, library/std/src/sys_common/thread_info.rs: ThreadInfo::with; "
            "Rust 1.95, library/std/src/thread/current.rs: current")
        .needs({Feature::tls_lazy, Feature::spawn, Feature::join, Feature::scope,
                Feature::scope_join, Feature::park, Feature::thread_handle})
        .example([] {
          const Value dying = value("dying").when_dropped([] {
            on_ended_thread([] {});
            expect(scope([](Scope inside) {
                     expect(join(spawn(inside, [] { return returns(); })), returned());
                     return returns();
                   }),
                   returned());
            const ThreadHandle self = current_thread();
            unpark(self);
            park();
            drop(self);
            return returns();
          });
          starts_as(first_slot, dying);
          on_ended_thread([] { touch(first_slot); });
          expect_dropped(dying);
        });

}  // namespace
}  // namespace heddle::conformance
