// Thread locals that are kept over keys of the operating system.
#include <pthread.h>

#include <cerrno>

#include "stage/stage.hpp"

namespace heddle::conformance {
namespace {

constexpr Slot plain_system_slot{HEDDLE_STORAGE_OS_PLAIN, 0};

const auto destroyed_value_is_made_anew =
    clause("TLS-127")
        .profile({"rust-1.63..1.70", "heddle"},
                 "A slot over a key of the system whose value has died is initialised anew by an "
                 "access from a later destructor, and that value dies as well.")
        .source("Rust 1.63, library/std/src/thread/local.rs: os::destroy_value")
        .needs({Feature::tls_os, Feature::tls_access_error, Feature::spawn, Feature::join})
        .example([] {
          // libc decides which of the two dies first. Only the second finds the other dead.
          const Value renewed = value("renewed");
          for (const std::uint32_t number : {0U, 1U}) {
            const Value original = value("original");
            const Counter initialisations;
            original.when_dropped([=] {
              static bool other_has_died = false;
              if (other_has_died) {
                expect(try_read(system_slot(1 - number)) == renewed,
                       "the access finds a new value");
              }
              other_has_died = true;
              return returns();
            });
            initialise(system_slot(number),
                       [=] { return returns(initialisations.add() == 1 ? original : renewed); });
          }
          on_ended_thread([] {
            touch(system_slot(0));
            touch(system_slot(1));
          });
          expect_dropped(renewed);
        });

const auto plain_values_are_destroyed =
    clause("TLS-128")
        .profile({"rust-1.63..1.70", "heddle"},
                 "A value without destructor over a key of the system is also gone when the "
                 "destructor of a younger key runs.")
        .source("Rust 1.63, library/std/src/thread/local.rs: os::destroy_value")
        .needs({Feature::tls_os, Feature::tls_os_plain, Feature::spawn, Feature::join})
        .example([] {
          const Counter initialisations;
          initialise(plain_system_slot, [=] { return returns(Value(initialisations.add())); });
          const Value younger = value("younger").when_dropped([=] {
            expect_equal(read(plain_system_slot).cookie(), 2, "which value the destructor finds");
            return returns();
          });
          starts_as(system_slot(0), younger);
          on_ended_thread([] {
            touch(plain_system_slot);
            touch(system_slot(0));
          });
          expect_dropped(younger);
        });

const auto native_values_die_first =
    clause("TLS-133")
        .profile({"rust-1.63..1.70", "heddle"},
                 "A thread's native values die before those over keys of the system.")
        .source("glibc 2.36, nptl/pthread_create.c: start_thread")
        .needs({Feature::tls_os, Feature::tls_lazy, Feature::spawn, Feature::join})
        .example([] {
          const Value native = value("native");
          const Value older = value("older, over a key");
          const Value younger = value("younger, over a key");
          starts_as(system_slot(0), older);
          starts_as(lazy_slot(0), native);
          starts_as(system_slot(1), younger);
          on_ended_thread([] {
            touch(system_slot(0));
            touch(lazy_slot(0));
            touch(system_slot(1));
          });
          expect_order({dropping(native), dropping(older)});
          expect_order({dropping(native), dropping(younger)});
        });

const auto too_late_to_die =
    clause("TLS-134")
        .profile(everywhere,
                 "A native slot that is first accessed in the destructor of a key of the system "
                 "is initialised, and its value never dies.")
        .source("glibc 2.36, nptl/pthread_create.c: start_thread")
        .needs({Feature::tls_lazy, Feature::spawn, Feature::join})
        .leaks("libc keeps a list of a thread's destructors, and never runs what comes this late")
        .example([] {
          static Value late = value("late");
          static Value found;
          starts_as(lazy_slot(0), late);
          pthread_key_t key{};
          if (::pthread_key_create(&key, [](void*) { found = read(lazy_slot(0)); }) != 0) {
            internal_error("the system has no key left for the suite");
          }
          on_ended_thread([key] {
            if (::pthread_setspecific(key, &late) != 0) {
              internal_error("the system has no memory left for the suite's key");
            }
          });
          expect(found == late, "the access in the key's destructor finds a value");
          expect_not_dropped(late);
        });

const auto mark_that_stays =
    clause("TLS-390")
        .profile({"heddle"},
                 "When the system cannot take back the mark of a value that is being destroyed, "
                 "the thread ends all the same, and the value has died once.")
        .source("impl/README.md, What happens when a call fails")
        .needs({Feature::tls_os, Feature::spawn, Feature::join})
        // The first call sets the value, the second sets the mark.
        .fault(fails(HEDDLE_INJECT_PTHREAD_SETSPECIFIC, ENOMEM, 3))
        .example([] {
          const Value dies = value("thread local");
          starts_as(system_slot(0), dies);
          armed([] { on_ended_thread([] { touch(system_slot(0)); }); });
          expect_dropped(dies);
        });

}  // namespace
}  // namespace heddle::conformance
