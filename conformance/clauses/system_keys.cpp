// Keys of the operating system: for each key, every thread has a pointer of its own, and the key a
// destructor.
#include <pthread.h>

#include <cerrno>

#include "stage/gate.hpp"
#include "stage/stage.hpp"

namespace heddle::conformance {
namespace {

// Citations of more than one clause.
constexpr std::string_view new_keys_are_null =
    "Upon key creation, the value NULL shall be associated with the new key in all active "
    "threads. Upon thread creation, the value NULL shall be associated with all defined keys "
    "in the new thread.";
constexpr std::string_view destructors_of_keys =
    "At thread exit, if a key value has a non-NULL destructor pointer, and the thread has a "
    "non-NULL value associated with that key, the value of the key is set to NULL, and then "
    "the function pointed to is called with the previously associated value as its sole "
    "argument.";

// The objects that the keys' pointers refer to, and the action of a created key's destructor, which
// must be a plain function for libc.
int first_object = 0;
int second_object = 0;
std::function<void(void*)>* destructor_action = nullptr;

void run_destructor(void* pointer) {
  (*destructor_action)(pointer);
}

Key create_key_with(std::function<void(void*)> action) {
  destructor_action = new std::function<void(void*)>(std::move(action));  // as long as the key
  return create_key(run_destructor);
}

template <class AnyKey>
void expect_pointers_of_each_thread(AnyKey key) {
  expect(get(key) == nullptr, "a key that no thread has set is null");
  set(key, &first_object);
  on_spawned_thread([key] {
    expect(get(key) == nullptr, "a key is null on a new thread, though another has set it");
    set(key, &second_object);
    expect(get(key) == &second_object, "a thread finds what it has set");
  });
  expect(get(key) == &first_object, "a thread finds what it has set, whatever others set later");
}

const auto keys_are_of_each_thread =
    clause("TLS-116")
        .must("A key that a thread has not set is null there, whatever other threads have set.")
        .source("POSIX.1-2017, pthread_key_create", new_keys_are_null)
        .needs({Feature::keys, Feature::spawn, Feature::join})
        .example([] { expect_pointers_of_each_thread(create_key(nullptr)); });

const auto static_keys_are_of_each_thread =
    clause("TLS-320")
        .must(
            "A static key that a thread has not set is null there, whatever other threads have "
            "set.")
        .source("POSIX.1-2017, pthread_key_create", new_keys_are_null)
        .needs({Feature::static_keys, Feature::spawn, Feature::join})
        .example([] { expect_pointers_of_each_thread(StaticKey{0}); });

// Runs two threads: one leaves the key set, the other sets it back to null.
template <class AnyKey>
void set_on_two_threads(AnyKey key) {
  on_ended_thread([key] { set(key, &first_object); });
  on_ended_thread([key] {
    set(key, &second_object);
    set(key, nullptr);
  });
}

const auto key_destructors_run =
    clause("TLS-117")
        .must(
            "At a thread's end a key's destructor runs exactly if the key's value is not "
            "null; it gets the value, and finds the key null.")
        .source("POSIX.1-2017, pthread_key_create", destructors_of_keys)
        .needs({Feature::keys, Feature::spawn, Feature::join})
        .example([] {
          static Key key;
          const Counter runs;
          key = create_key_with([=](void* pointer) {
            runs.add();
            expect(pointer == &first_object, "the destructor gets the thread's pointer");
            expect(get(key) == nullptr, "the key is null when its destructor runs");
          });
          set_on_two_threads(key);
          expect_equal(runs.get(), 1, "how often the destructor ran");
        });

const auto static_key_destructors_run =
    clause("TLS-321")
        .must(
            "At a thread's end a static key's destructor runs exactly if the key's value "
            "is not null; it gets the value, and finds the key null.")
        .source("POSIX.1-2017, pthread_key_create", destructors_of_keys)
        .needs({Feature::static_keys, Feature::spawn, Feature::join})
        .example([] {
          for (std::uint32_t slot = 0; slot < count_static_keys(); ++slot) {
            const Counter runs;
            when_destroyed(StaticKey{slot}, [=](void* pointer) {
              runs.add();
              expect(pointer == &first_object, "the destructor gets the thread's pointer");
              expect(get(StaticKey{slot}) == nullptr, "the key is null when its destructor runs");
            });
            set_on_two_threads(StaticKey{slot});
            expect_equal(runs.get(), 1, "how often the key's destructor ran");
          }
        });

const auto rounds_of_destructors =
    clause("TLS-118")
        .profile({"rust-1.63..1.70", "heddle"},
                 "A destructor that sets its key again runs again, four times in all.")
        .source(
            "POSIX.1-2017, pthread_key_create; "
            "glibc 2.36, nptl/nptl_deallocate_tsd.c: __nptl_deallocate_tsd")
        .needs({Feature::keys, Feature::spawn, Feature::join})
        .example([] {
          excuse_under_thread_sanitizer("leaves a thread before the last of the four");
          static Key key;
          const Counter runs;
          key = create_key_with([=](void* pointer) {
            runs.add();
            set(key, pointer);
          });
          on_ended_thread([] { set(key, &first_object); });
          expect_equal(runs.get(), 4, "how often the destructor ran");
        });

const auto order_of_keys =
    clause("TLS-119")
        .profile({"rust-1.63..1.70", "heddle"},
                 "Keys' destructors run in the order of their creation.")
        .source("glibc 2.36, nptl/nptl_deallocate_tsd.c: __nptl_deallocate_tsd")
        .needs({Feature::keys, Feature::spawn, Feature::join})
        .example([] {
          const auto note_pointer = [](void* pointer) {
            note(pointer == &first_object ? "the older key's" : "the younger key's");
          };
          const Key older = create_key_with(note_pointer);
          const Key younger = create_key_with(note_pointer);
          on_ended_thread([=] {
            set(younger, &second_object);
            set(older, &first_object);
          });
          expect_order({noted("the older key's"), noted("the younger key's")});
        });

const auto keys_of_main =
    clause("TLS-120")
        .profile({"rust-1.63..1.70", "heddle"},
                 "Keys' destructors do not run when the process ends.")
        .source(
            "POSIX.1-2017, pthread_key_create; "
            "POSIX.1-2017, _exit")
        .needs({Feature::static_keys})
        .exits_with(0)
        .example([] {
          when_destroyed(StaticKey{0}, [](void*) {
            fail("no destructor of a key runs when main returns", "it ran on the main thread");
          });
          set(StaticKey{0}, &first_object);
        });

const auto dropping_a_key_runs_nothing =
    clause("TLS-322")
        .must("Destroying a key runs no destructor.")
        .source("POSIX.1-2017, pthread_key_delete",
                "No destructor functions shall be invoked by pthread_key_delete().")
        .needs({Feature::keys, Feature::spawn, Feature::join})
        .example([] {
          const Signal destroyed;
          const Key key = create_key_with([=](void* pointer) {
            expect(pointer == &second_object && destroyed.is_set(),
                   "a destructor runs at the end of a thread, or never",
                   "it ran while the key was destroyed");
          });
          const Signal is_set;
          set(key, &first_object);
          const JoinHandle other = spawn([=] {
            set(key, &second_object);
            is_set.set();
            destroyed.wait();
            return returns();
          });
          is_set.wait();
          drop(key);
          destroyed.set();
          expect(join(other), returned());
        });

const auto keys_are_not_deleted =
    clause("TLS-123")
        .profile({"rust-1.63..1.70", "heddle"},
                 "The system's key outlives the object: its destructor still runs at the end of "
                 "a thread that has set the key.")
        .source("Rust 1.63, library/std/src/sys_common/thread_local_key.rs: Key::drop")
        .needs({Feature::keys, Feature::spawn, Feature::join})
        .example([] {
          const Counter runs;
          const Key key = create_key_with([=](void*) { runs.add(); });
          on_ended_thread([=] {
            set(key, &first_object);
            drop(key);
          });
          expect_equal(runs.get(), 1, "how often the destructor ran");
        });

// The clauses on how static keys are made use the keys below slots, which more subjects have.

const auto key_is_created_lazily =
    clause("TLS-113")
        .profile({"rust-1.63..1.70", "heddle"},
                 "A slot over a key of the system takes one key, when it is first used, and none "
                 "later.")
        .source("Rust 1.63, library/std/src/sys_common/thread_local_key.rs: StaticKey::lazy_init")
        .needs({Feature::tls_os, Feature::spawn, Feature::join})
        .example([] {
          on_ended_thread([] {});  // the runtime has now made what it needs once
          const std::uint32_t before = count_free_keys();
          touch(system_slot(0));
          const std::uint32_t after = count_free_keys();
          expect_equal(before - after, 1, "keys that the first use takes");
          on_ended_thread([] { touch(system_slot(0)); });
          touch(system_slot(0));
          expect_equal(count_free_keys(), after, "keys left after later uses");
        });

const auto key_is_never_zero =
    clause("TLS-114")
        .profile({"rust-1.63..1.70", "heddle"},
                 "The system's key number 0 is not kept: another key is created, and key 0 is "
                 "deleted.")
        .source("Rust 1.63, library/std/src/sys_common/thread_local_key.rs: StaticKey::lazy_init")
        .needs({Feature::tls_os})
        .example([] {
          const auto zero_is_free = [] {
            pthread_key_t lowest = 0;
            if (::pthread_key_create(&lowest, nullptr) != 0 || ::pthread_key_delete(lowest) != 0) {
              internal_error("the system has no key for the suite");
            }
            return lowest == 0;
          };
          if (!zero_is_free()) {
            excuse("the process has a key of number 0 before the subject makes one");
          }
          touch(system_slot(0));
          expect(zero_is_free(), "the subject does not keep a key of number 0");
        });

const auto one_key_survives_the_race =
    clause("TLS-115")
        .profile(everywhere,
                 "Threads that race for a static key's first use agree on one system key, and the "
                 "others are deleted.")
        .source(
            "Rust 1.63, library/std/src/sys_common/thread_local_key.rs: StaticKey::lazy_init; "
            "Rust 1.95, library/std/src/sys/thread_local/key/racy.rs: LazyKey::lazy_init")
        .needs({Feature::tls_os, Feature::spawn, Feature::join})
        .fault(held_before(HEDDLE_INJECT_PTHREAD_KEY_CREATE))
        .example([] {
          on_ended_thread([] {});  // the runtime has now made what it needs once
          const std::uint32_t before = count_free_keys();
          const Value winners = value("winner's");
          const Value losers = value("loser's");
          const auto loser = kernel_thread_id();
          initialise(system_slot(0),
                     [=] { return returns(kernel_thread_id() == loser ? losers : winners); });
          const Signal armed_now;
          const JoinHandle winner = spawn([=] {
            armed_now.wait();
            wait_at_gate(loser);
            touch(system_slot(0));
            open_gate();
            return returns();
          });
          armed([=] {
            armed_now.set();
            touch(system_slot(0));
          });
          expect(join(winner), returned());
          expect_dropped(winners);
          expect(read(system_slot(0)) == losers, "the loser's value is under the winner's key");
          expect_equal(before - count_free_keys(), 1, "keys that the slot has taken");
        });

const auto no_key_left =
    clause("TLS-121")
        .profile({"rust-1.63..1.70", "heddle"},
                 "When the system has no key left, the first use of one panics, and nothing is "
                 "initialised.")
        .source(
            "Rust 1.63, library/std/src/sys/unix/thread_local_key.rs: create; "
            "POSIX.1-2017, pthread_key_create")
        .needs({Feature::tls_os, Feature::panic})
        .example([] {
          const Counter initialisations;
          initialise(system_slot(0), [=] {
            initialisations.add();
            return returns(value("initial"));
          });
          use_up_keys();
          for (int attempt = 0; attempt < 2; ++attempt) {
            expect(with(system_slot(0), [] { return returns(); }), panicked());
          }
          expect_equal(initialisations.get(), 0, "initialisations");
        });

const auto key_that_cannot_be_set =
    clause("TLS-122")
        .profile({"rust-1.63..1.70", "heddle"},
                 "When the system cannot set a key, the value is found once, and not remembered.")
        .source("Rust 1.63, library/std/src/sys/unix/thread_local_key.rs: set")
        .needs({Feature::tls_os})
        .fault(fails(HEDDLE_INJECT_PTHREAD_SETSPECIFIC, ENOMEM))
        .leaks("the key would be what remembers the value's memory")
        .example([] {
          const Value lost = value("lost");
          const Value kept = value("kept");
          const Counter initialisations;
          initialise(system_slot(0),
                     [=] { return returns(initialisations.add() == 1 ? lost : kept); });
          expect(armed([] { return read(system_slot(0)); }) == lost, "the value is found once");
          for (int access = 0; access < 2; ++access) {
            expect(read(system_slot(0)) == kept,
                   "the next access makes another value, which stays");
          }
          expect_not_dropped(lost);
        });

const auto publication_of_keys =
    clause("TLS-124")
        .must("A thread that sees a static key sees it fully made.")
        .source(
            "POSIX.1-2017, pthread_key_create; "
            "Rust 1.63, library/std/src/sys_common/thread_local_key.rs: StaticKey::key",
            "The pthread_key_create() function shall create a thread-specific data key visible to "
            "all threads in the process.")
        .untested("white box: what a key names is libc's own memory");

constexpr std::string_view departures = "impl/README.md, Where it departs from Rust, and why";
constexpr std::string_view no_key =
    "failed to create a key for a thread local: "
    "pthread_key_create: Resource temporarily unavailable "
    "(os error 11)";

const auto panic_names_the_call =
    clause("TLS-391")
        .profile({"heddle"},
                 "The panic for a key that the system refuses says which call failed, and why.")
        .source(departures)
        .needs({Feature::tls_os, Feature::panic})
        .fault(fails(HEDDLE_INJECT_PTHREAD_KEY_CREATE, EAGAIN))
        .example([] {
          const Outcome access =
              armed([] { return with(system_slot(0), [] { return returns(); }); });
          expect(access, panicked());
          expect_equal(access.text(), no_key, "the message");
        });

const auto zero_is_given_back =
    clause("TLS-392")
        .profile({"heddle"},
                 "When the system gives the number 0 alone, the panic says that a key was "
                 "refused, and the number is free again.")
        .source(departures)
        .needs({Feature::tls_os, Feature::panic})
        .fault(fails(HEDDLE_INJECT_PTHREAD_KEY_CREATE, EAGAIN, 2))
        .example([] {
          const std::uint32_t before = count_free_keys();
          const Outcome access =
              armed([] { return with(system_slot(0), [] { return returns(); }); });
          need_fired_fault();
          expect(access, panicked());
          expect_equal(access.text(), no_key, "the message");
          expect_equal(count_free_keys(), before, "keys that are free");
        });

}  // namespace
}  // namespace heddle::conformance
