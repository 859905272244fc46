// Keys of the operating system, and the thread locals that are kept over them.
#include <pthread.h>

#include "stage/stage.hpp"

namespace heddle::conformance {
namespace {

constexpr Slot plain_system_slot{HEDDLE_STORAGE_OS_PLAIN, 0};

const auto destroyed_value_is_made_anew =
    clause("TLS-127")
        .profile({"rust-1.63", "heddle"},
                 "A slot over a key of the system whose value has died is initialised anew by an "
                 "access from a later destructor, and that value dies as well.")
        .source("seed: os::Key, destroy_value")
        .needs({Feature::tls_os, Feature::tls_access_error, Feature::spawn})
        .example([] {
          // Which of the two dies first is libc's business: only the second finds the other dead.
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
          on_spawned_thread([] {
            touch(system_slot(0));
            touch(system_slot(1));
          });
          expect_dropped(renewed);
        });

const auto plain_values_are_destroyed =
    clause("TLS-128")
        .profile({"rust-1.63", "heddle"},
                 "A value without destructor over a key of the system is gone as well when the "
                 "destructor of a younger key runs.")
        .source("seed: os::Key, destroy_value")
        .needs({Feature::tls_os, Feature::spawn})
        .example([] {
          if (slots_of(HEDDLE_STORAGE_OS_PLAIN) == 0) {
            excuse("the subject has no slots of a type without destructor over system keys");
          }
          const Counter initialisations;
          initialise(plain_system_slot, [=] { return returns(Value(initialisations.add())); });
          const Value younger = value("younger").when_dropped([=] {
            expect_equal(read(plain_system_slot).cookie(), 2, "which value the destructor finds");
            return returns();
          });
          starts_as(system_slot(0), younger);
          on_spawned_thread([] {
            touch(plain_system_slot);
            touch(system_slot(0));
          });
          expect_dropped(younger);
        });

const auto native_values_die_first =
    clause("TLS-133")
        .profile({"rust-1.63", "heddle"},
                 "A thread's native values die before those over keys of the system.")
        .source("glibc: start_thread, __call_tls_dtors before __nptl_deallocate_tsd")
        .needs({Feature::tls_os, Feature::tls_lazy, Feature::spawn})
        .example([] {
          const Value native = value("native");
          const Value older = value("older, over a key");
          const Value younger = value("younger, over a key");
          starts_as(system_slot(0), older);
          starts_as(lazy_slot(0), native);
          starts_as(system_slot(1), younger);
          on_spawned_thread([] {
            touch(system_slot(0));
            touch(lazy_slot(0));
            touch(system_slot(1));
          });
          expect_order({dropping(native), dropping(older)});
          expect_order({dropping(native), dropping(younger)});
        });

const auto too_late_to_die =
    clause("TLS-134")
        .profile({"rust-1.63", "rust-1.95", "heddle"},
                 "A native slot that is first accessed in the destructor of a key of the system "
                 "is initialised, and its value never dies.")
        .source("glibc: start_thread, __call_tls_dtors before __nptl_deallocate_tsd")
        .needs({Feature::tls_lazy, Feature::spawn})
        .example([] {
          static Value late = value("late");
          static Value found;
          starts_as(lazy_slot(0), late);
          pthread_key_t key{};
          if (::pthread_key_create(&key, [](void*) { found = read(lazy_slot(0)); }) != 0) {
            internal_error("the system has no key left for the suite");
          }
          on_spawned_thread([key] {
            if (::pthread_setspecific(key, &late) != 0) {
              internal_error("the system has no memory left for the suite's key");
            }
          });
          expect(found == late, "the access in the key's destructor finds a value");
          expect_not_dropped(late);
        });

constexpr std::string_view in_the_log = "only the log of the shim could tell";
constexpr std::string_view no_words = "the stage has no words for keys of the system yet";

const auto key_is_created_lazily =
    clause("TLS-113")
        .profile({"rust-1.63"}, "A static key's system key is created by its first use.")
        .source("seed: StaticKey::lazy_init")
        .untested(in_the_log);

const auto key_is_never_zero =
    clause("TLS-114")
        .profile({"rust-1.63", "rust-1.95", "heddle"},
                 "A system key of number 0 is not kept: another one is created, and that deleted.")
        .source("seed: StaticKey::lazy_init")
        .untested(in_the_log);

const auto one_key_survives_the_race =
    clause("TLS-115")
        .must(
            "Threads that race for a static key's first use agree on one system key, and the "
            "others are deleted.")
        .source("seed: StaticKey::lazy_init")
        .untested(in_the_log);

const auto fresh_keys_are_null =
    clause("TLS-116")
        .must("A key that a thread has not set is null there, whatever other threads have set.")
        .source("POSIX: pthread_key_create; seed: StaticKey")
        .untested(no_words);

const auto key_destructors_run =
    clause("TLS-117")
        .must(
            "At a thread's end a key's destructor runs iff its value is not null, and finds it "
            "null by then.")
        .source("POSIX: pthread_key_create; seed: StaticKey")
        .untested(no_words);

const auto rounds_of_destructors =
    clause("TLS-118")
        .profile({"rust-1.63", "heddle"},
                 "A key that is set again in a destructor has its own run again, four times at "
                 "most.")
        .source("POSIX: PTHREAD_DESTRUCTOR_ITERATIONS")
        .untested(no_words);

const auto order_of_keys =
    clause("TLS-119")
        .profile({"rust-1.63", "heddle"}, "Keys' destructors run in the order of their creation.")
        .source("glibc: __nptl_deallocate_tsd")
        .untested(no_words);

const auto keys_of_main =
    clause("TLS-120")
        .profile({"rust-1.63", "heddle"}, "Keys' destructors do not run when the process ends.")
        .source("POSIX: pthread_key_create")
        .untested(no_words);

const auto no_key_left =
    clause("TLS-121")
        .profile({"rust-1.63", "rust-1.95", "heddle"},
                 "When the system has no key left, the first use of one panics (1.63), or the "
                 "process says so and aborts (1.95).")
        .source("seed: key_create; Rust: rust-lang/rust 141455")
        .untested(no_words);

const auto key_that_cannot_be_set =
    clause("TLS-122")
        .profile({"rust-1.63", "heddle"},
                 "When the system cannot set a key, the value is found once, and not remembered.")
        .source("seed: key set, its result ignored")
        .untested(no_words);

const auto keys_are_not_deleted =
    clause("TLS-123")
        .profile({"rust-1.63", "heddle"}, "No system key is deleted while the process lives.")
        .source("Rust: rust-lang/rust 19285")
        .untested("white box: for the reference's own tests");

const auto publication_of_keys = clause("TLS-124")
                                     .must("Who sees a static key sees it as it was made.")
                                     .source("seed: StaticKey::key")
                                     .untested("white box: for the reference's own tests");

}  // namespace
}  // namespace heddle::conformance
