// Panics and thread locals: in initialisers, in destructors, and before the destructors run.
#include <csignal>

#include "stage/stage.hpp"

namespace heddle::conformance {
namespace {

// The initialiser panics the first time. One thread gives up, another tries again.
void expect_retry_after_panic(Slot slot) {
  const Value never_retried = value("payload of the thread that gives up");
  const Value retried = value("payload of the thread that retries");
  const Value initial = value("initial");
  const Counter initialisations;
  initialise(slot, [=] {
    switch (initialisations.add()) {
      case 1:
        return panics(never_retried);
      case 2:
        return panics(retried);
      default:
        return returns(initial);
    }
  });
  const auto access = [=] { return with(slot, [] { return returns(); }); };
  on_ended_thread([=] { expect(access(), panicked(never_retried)); });
  on_ended_thread([=] {
    expect(access(), panicked(retried));
    expect(read(slot) == initial, "the next access initialises the slot");
    expect_not_dropped(initial);
  });
  expect_dropped(initial);
  expect_equal(initialisations.get(), 3, "initialisers run");
}

const auto initialiser_panics =
    clause("TLS-146")
        .profile(everywhere,
                 "A panic of the initialiser comes out of the access, and leaves a slot that the "
                 "next access initialises.")
        .source(
            "Rust documentation, std::thread::LocalKey::try_with; "
            "Rust 1.63, library/std/src/thread/local.rs: lazy::LazyKeyInner::initialize; "
            "Rust 1.95, library/std/src/sys/thread_local/native/lazy.rs: Storage::get_or_init_slow",
            "This function will still panic!() if the key is uninitialized and the key's "
            "initializer panics.")
        .needs({Feature::tls_lazy, Feature::panic, Feature::spawn, Feature::join})
        .example([] { expect_retry_after_panic(lazy_slot(0)); });

struct Retried {
  Value retried;
  Value between;
};

// A slot's initialiser panics, another slot is initialised, and then the first slot succeeds.
Retried retry_after_another_slot() {
  const Value retried = value("retried");
  const Value between = value("between");
  const Counter attempts;
  initialise(lazy_slot(0),
             [=] { return attempts.add() == 1 ? panics("not now") : returns(retried); });
  starts_as(lazy_slot(1), between);
  on_ended_thread([] {
    expect(with(lazy_slot(0), [] { return returns(); }), panicked());
    touch(lazy_slot(1));
    touch(lazy_slot(0));
  });
  return {retried, between};
}

const auto failed_initialiser_keeps_its_place =
    clause("TLS-323")
        .profile({"rust-1.63..1.79", "heddle"},
                 "A slot whose initialiser has panicked keeps its turn: its value dies after those "
                 "that were made before the retry.")
        .source(
            "Rust 1.63, library/std/src/thread/local.rs: fast::Key::try_register_dtor; "
            "rust-lang/rust#116123")
        .needs({Feature::tls_lazy, Feature::panic, Feature::spawn, Feature::join})
        .example([] {
          const auto [retried, between] = retry_after_another_slot();
          expect_order({dropping(between), dropping(retried)});
        });

const auto failed_initialiser_loses_its_place =
    clause("TLS-328")
        .profile({"rust-1.80.."},
                 "A slot whose initialiser has panicked has no turn yet: its value dies before "
                 "those that were made before the retry.")
        .source(
            "Rust 1.95, library/std/src/sys/thread_local/native/lazy.rs: "
            "Storage::get_or_init_slow; "
            "rust-lang/rust#116123")
        .needs({Feature::tls_lazy, Feature::panic, Feature::spawn, Feature::join})
        .example([] {
          const auto [retried, between] = retry_after_another_slot();
          expect_order({dropping(retried), dropping(between)});
        });

const auto initialiser_panics_over_a_system_key =
    clause("TLS-130")
        .profile({"rust-1.63..1.70", "heddle"},
                 "A panic of the initialiser of a value over a key of the system comes out of the "
                 "access, and leaves a slot that the next access initialises.")
        .source("Rust 1.63, library/std/src/thread/local.rs: os::Key::try_initialize")
        .needs({Feature::tls_os, Feature::panic, Feature::spawn, Feature::join})
        .example([] { expect_retry_after_panic(system_slot(0)); });

void die_in_destructor(Slot slot, Value doomed) {
  doomed.when_dropped([] {
    expect_death();
    return panics("from the destructor of a thread local");
  });
  on_ended_thread([=] { touch(slot); });
}

const auto destructor_panics =
    clause("TLS-147")
        .profile(everywhere,
                 "A panic that leaves the destructor of a thread local aborts the process.")
        .source(
            "Rust documentation, std::thread::LocalKey; "
            "Rust 1.63, library/std/src/thread/local.rs: fast::destroy_value; "
            "Rust 1.95, library/std/src/sys/thread_local/native/lazy.rs: destroy; "
            "rust-lang/rust#24479",
            "Note that, should the destructor panic, the whole process will be aborted.")
        .needs({Feature::tls_lazy, Feature::panic, Feature::spawn, Feature::join})
        .dies_of(SIGABRT)
        .example([] {
          const Value doomed = value("doomed");
          starts_as(lazy_slot(0), doomed);
          die_in_destructor(lazy_slot(0), doomed);
        });

const auto constant_destructor_panics =
    clause("TLS-311")
        .profile(everywhere,
                 "A panic that leaves the destructor of a constant-initialised thread local aborts "
                 "the process.")
        .source(
            "Rust documentation, std::thread::LocalKey; "
            "Rust 1.63, library/std/src/thread/local.rs: __thread_local_inner!; "
            "Rust 1.95, library/std/src/sys/thread_local/native/eager.rs: destroy; "
            "rust-lang/rust#24479",
            "Note that, should the destructor panic, the whole process will be aborted.")
        .needs({Feature::tls_const, Feature::panic, Feature::spawn, Feature::join})
        .dies_of(SIGABRT)
        .example([] {
          die_in_destructor(const_slot(0), Value(HEDDLE_CONST_COOKIE(HEDDLE_STORAGE_CONST, 0)));
        });

const auto system_key_destructor_panics =
    clause("TLS-131")
        .profile({"rust-1.63..1.70", "heddle"},
                 "A panic that leaves the destructor of a value over a key of the system aborts "
                 "the process.")
        .source(
            "Rust documentation, std::thread::LocalKey; "
            "Rust 1.63, library/std/src/thread/local.rs: os::destroy_value",
            "Note that, should the destructor panic, the whole process will be aborted.")
        .needs({Feature::tls_os, Feature::panic, Feature::spawn, Feature::join})
        .dies_of(SIGABRT)
        .example([] {
          const Value doomed = value("doomed");
          starts_as(system_slot(0), doomed);
          die_in_destructor(system_slot(0), doomed);
        });

const auto destructor_panic_is_named =
    clause("TLS-312")
        .profile({"rust-1.68.."},
                 "The process that a thread local's panicking destructor aborts says so: \"thread "
                 "local panicked on drop\".")
        .source(
            "Rust 1.95, library/std/src/sys/thread_local/mod.rs: abort_on_dtor_unwind; "
            "rust-lang/rust#105426")
        .needs({Feature::tls_lazy, Feature::panic, Feature::spawn, Feature::join})
        .dies_of(SIGABRT, "thread local panicked on drop")
        .example([] {
          const Value doomed = value("doomed");
          starts_as(lazy_slot(0), doomed);
          die_in_destructor(lazy_slot(0), doomed);
        });

const auto destructor_panic_is_fatal =
    clause("TLS-395")
        .profile({"heddle"},
                 "The process that a thread local's panicking destructor aborts says so.")
        .source("impl/README.md, What happens when a call fails")
        .needs({Feature::tls_lazy, Feature::panic, Feature::spawn, Feature::join})
        .dies_of(SIGABRT, "heddle: fatal: thread local panicked on drop\n")
        .example([] {
          const Value doomed = value("doomed");
          starts_as(lazy_slot(0), doomed);
          die_in_destructor(lazy_slot(0), doomed);
        });

const auto caught_inside_the_destructor =
    clause("TLS-148")
        .profile(everywhere,
                 "A destructor may panic and catch that itself; the older values still die.")
        .source(
            "Rust documentation, std::panic::catch_unwind; "
            "Rust 1.63, library/std/src/panicking.rs: panic_count; "
            "Rust 1.95, library/std/src/panicking.rs: panic_count")
        .needs({Feature::tls_lazy, Feature::panic, Feature::spawn, Feature::join})
        .example([] {
          const Value older = value("older");
          const Value payload = value("payload");
          const Value dying = value("dying").when_dropped([=] {
            expect(catch_unwind([=] { return panics(payload); }), caught(payload));
            return returns();
          });
          starts_as(lazy_slot(0), older);
          starts_as(lazy_slot(1), dying);
          on_ended_thread([] {
            touch(lazy_slot(0));
            touch(lazy_slot(1));
          });
          expect_dropped(dying);
          expect_dropped(older);
        });

const auto values_die_after_a_panic =
    clause("TLS-313")
        .must("A thread that panics ends like any other: its values die on it.")
        .source("Rust documentation, std::thread",
                "A thread-local key owns the value it contains and will destroy the value when the "
                "thread exits.")
        .needs({Feature::tls_lazy, Feature::spawn, Feature::join, Feature::thread_panics})
        .example([] {
          const Value initial = value("initial");
          const Value payload = value("payload");
          starts_as(lazy_slot(0), initial);
          const Closure body = closure("body", [=] {
            touch(lazy_slot(0));
            return panics(payload);
          });
          expect(join(spawn(body)), caught(payload));
          wait_for_the_end_of(body.ran_on());
          expect_dropped_on(initial, body.ran_on());
        });

const auto destructors_do_not_unwind =
    clause("TLS-149")
        .profile(everywhere,
                 "In the destructors of a thread that has panicked, panicking is false.")
        .source(
            "Rust 1.63, library/std/src/panicking.rs: r#try; "
            "Rust 1.95, library/std/src/panicking.rs: catch_unwind")
        .needs({Feature::tls_lazy, Feature::spawn, Feature::join, Feature::thread_panics,
                Feature::panicking})
        .example([] {
          const Value payload = value("payload");
          const Value dying = value("dying").when_dropped([] {
            expect(!panicking(), "panicking is false in the destructor", "it is true");
            return returns();
          });
          starts_as(lazy_slot(0), dying);
          expect(join(spawn([=] {
                   touch(lazy_slot(0));
                   return panics(payload);
                 })),
                 caught(payload));
          expect_dropped(dying);
        });

}  // namespace
}  // namespace heddle::conformance
