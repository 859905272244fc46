// current() and thread handles: a thread's identity, from inside and outside, early and late.
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>

#include "stage/held_body.hpp"
#include "stage/stage.hpp"

namespace heddle::conformance {
namespace {

const auto handle_and_thread_agree =
    clause("JOIN-051")
        .must(
            "A join handle's thread is the one that current() returns in the body; a runtime with "
            "unique ids keeps the id after join.")
        .source(
            "Rust documentation, std::thread::JoinHandle::thread; "
            "Rust documentation, std::thread::current; "
            "heddle/subject.h, heddle_threads.id",
            "Extracts a handle to the underlying thread.")
        .needs({Feature::spawn, Feature::join, Feature::thread_handle, Feature::thread_clone,
                Feature::thread_id, Feature::handle_thread})
        .example([] {
          const Counter seen_inside;
          const JoinHandle thread = spawn([=] {
            seen_inside.set(own_id());
            return returns();
          });
          const ThreadHandle handle = thread_of(thread);
          const ThreadHandle copy = clone(handle);
          const std::uint64_t id = id_of(handle);
          drop(handle);
          expect(join(thread), returned());
          expect_equal(seen_inside.get(), id, "the id that the thread sees");
          if (offers(subject(), Feature::unique_ids)) {
            expect_equal(id_of(copy), id, "the id after join");
          }
          drop(copy);
        });

const auto clones_are_the_same_thread =
    clause("JOIN-072")
        .must("Clones of a thread handle have one identity, and unpark the same thread.")
        .source(
            "heddle/subject.h, heddle_threads.clone; "
            "Rust documentation, std::thread::Thread",
            "RETURNED: a second `handle` of the same thread")
        .needs({Feature::thread_handle, Feature::thread_clone, Feature::thread_id, Feature::park})
        .example([] {
          const ThreadHandle self = current_thread();
          const ThreadHandle copy = clone(self);
          expect_equal(id_of(copy), id_of(self), "the id of the clone");
          drop(self);
          unpark(copy);
          park();  // hangs if the clone unparks another thread
          drop(copy);
        });

const auto dead_thread_can_be_unparked =
    clause("JOIN-073")
        .must("A handle of a thread that is gone can still be unparked, cloned and asked.")
        .source(
            "heddle/subject.h, rule 4; "
            "Rust documentation, std::thread::Thread::unpark",
            "A handle that comes out is one reference, the suite's to give back.")
        .needs({Feature::spawn, Feature::join, Feature::thread_handle, Feature::thread_clone,
                Feature::thread_id, Feature::handle_thread, Feature::park})
        .example([] {
          const HeldBody body;
          const JoinHandle thread = spawn(body.closure());
          const ThreadHandle handle = thread_of(thread);
          const std::uint64_t id = id_of(handle);
          body.release();
          expect(join(thread), returned());
          unpark(handle);
          const ThreadHandle copy = clone(handle);
          drop(handle);
          unpark(copy);
          if (offers(subject(), Feature::unique_ids)) {
            expect_equal(id_of(copy), id, "the id of the clone");
          }
          drop(copy);
        });

const auto debug_text =
    clause("JOIN-074")
        .profile({"rust-1.63.."}, "The debug text of a thread shows its id and its name.")
        .source(
            "Rust 1.63, library/std/src/thread/mod.rs: Thread::fmt; "
            "Rust 1.95, library/std/src/thread/thread.rs: Thread::fmt")
        .untested("the ABI has no debug text");

const auto foreign_thread =
    clause("JOIN-075")
        .profile(everywhere,
                 "A thread that the runtime did not start has no name and an id of its own, and "
                 "can spawn and park.")
        .source(
            "Rust documentation, std::thread; "
            "Rust 1.63, library/std/src/sys_common/thread_info.rs: ThreadInfo::with; "
            "Rust 1.95, library/std/src/thread/current.rs: init_current",
            "The thread::current function is available even for threads not spawned by the APIs of "
            "this module.")
        .needs({Feature::names, Feature::thread_handle, Feature::thread_id, Feature::park,
                Feature::join})
        .example([] {
          const std::uint64_t id_of_main = own_id();
          on_foreign_thread([=] {
            const std::uint64_t id = own_id();
            expect(id != id_of_main, "the foreign thread has an id of its own", "it is main's");
            expect_equal(own_id(), id, "its id, asked again");
            expect(!own_name(), "the foreign thread has no name", "it has one");
            const ThreadHandle self = current_thread();
            expect(join(spawn([=] { return unpark(self), returns(); })), returned());
            park();
            drop(self);
          });
        });

const auto identity_survives_fork =
    clause("JOIN-076")
        .profile(everywhere, "After fork, the child's thread has the id of the forking thread.")
        .source("POSIX.1-2017, fork")
        .needs({Feature::thread_handle, Feature::thread_id})
        .example([] {
          const std::uint64_t id = own_id();
          const pid_t child = ::fork();
          if (child < 0) {
            internal_error("the machine refused the suite a process");
          }
          if (child == 0) {
            expect_equal(own_id(), id, "the id in the forked child");
            ::_exit(7);
          }
          int status = 0;
          while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
          }
          expect(WIFEXITED(status) && WEXITSTATUS(status) == 7,
                 "the forked child can ask who it is", "it ended before");
        });

const auto current_is_stable =
    clause("JOIN-077")
        .must(
            "current() returns the same thread each time, and a different one on each other "
            "thread.")
        .source(
            "heddle/subject.h, heddle_threads.current; "
            "Rust documentation, std::thread::current; "
            "Rust documentation, std::thread::ThreadId",
            "RETURNED: `handle` is a thread handle of the calling thread.")
        .needs({Feature::spawn, Feature::join, Feature::thread_handle, Feature::thread_id})
        .example([] {
          const std::uint64_t id_of_main = own_id();
          expect(join(spawn([=] {
                   const std::uint64_t id = own_id();
                   expect_equal(own_id(), id, "the thread's id, asked again");
                   expect(id != id_of_main, "the thread has an id of its own", "it is main's");
                   return returns();
                 })),
                 returned());
          expect_equal(own_id(), id_of_main, "main's id, asked again");
        });

const auto current_in_a_tls_destructor =
    clause("JOIN-078")
        .profile(everywhere,
                 "current() returns the thread, with its name, in the destructors of its locals.")
        .source(
            "Rust 1.63, library/std/src/sys_common/thread_info.rs: THREAD_INFO; "
            "Rust 1.63, library/std/src/sys_common/thread_info.rs: set; "
            "Rust 1.95, library/std/src/thread/current.rs: drop_current")
        .needs({Feature::names, Feature::tls_lazy, Feature::join})
        .example([] {
          const Value last = value("thread local").when_dropped([] {
            expect_equal(own_name().value_or("none"), "weaver", "the name in the destructor");
            return returns();
          });
          initialise(lazy_slot(0), [=] { return returns(last); });
          const Closure body = closure("body", [] { return touch(lazy_slot(0)), returns(); });
          expect(join(spawn(body, {.name = "weaver"})), returned());
          expect_dropped(last);
        });

// Runs the action when libc destroys the calling thread's keys, after its thread locals are gone.
void at_key_destruction(std::function<void()> action) {
  pthread_key_t key{};
  const auto destructor = [](void* value) { (*static_cast<std::function<void()>*>(value))(); };
  // Never freed: the thread ends with it.
  auto* const value = new std::function<void()>(std::move(action));
  if (::pthread_key_create(&key, destructor) != 0 || ::pthread_setspecific(key, value) != 0) {
    internal_error("the machine refused the suite a key");
  }
}

// Has a thread ask for its handle after its thread locals are gone. `judge` gets the outcome, and
// the id that the thread had in its body.
void ask_in_a_key_destructor(std::function<void(const Outcome&, std::uint64_t)> judge) {
  const Counter asked;
  expect(join(spawn([=] {
           const std::uint64_t id = own_id();
           at_key_destruction([=] {
             asked.add();
             judge(try_current_thread(), id);
           });
           return returns();
         })),
         returned());
  expect_equal(asked.get(), 1, "how often the key's destructor ran");
}

const auto current_in_a_key_destructor =
    clause("JOIN-079")
        .profile({"rust-1.63..1.82", "heddle"},
                 "In the destructor of a system's key, current() panics.")
        .source(
            "Rust 1.63, library/std/src/thread/mod.rs: current; "
            "Rust 1.63, library/std/src/sys_common/thread_info.rs: ThreadInfo::with; "
            "rust-lang/rust#127912")
        .needs({Feature::spawn, Feature::join, Feature::thread_handle, Feature::thread_id,
                Feature::panic})
        .example([] {
          ask_in_a_key_destructor(
              [](const Outcome& outcome, std::uint64_t /*id*/) { expect(outcome, panicked()); });
        });

const auto current_outlives_thread_locals =
    clause("JOIN-330")
        .profile({"rust-1.83.."},
                 "In the destructor of a system's key, current() still returns the thread.")
        .source(
            "Rust 1.95, library/std/src/thread/current.rs: current; "
            "rust-lang/rust#127912")
        .needs({Feature::spawn, Feature::join, Feature::thread_handle, Feature::thread_id})
        .example([] {
          ask_in_a_key_destructor([](const Outcome& outcome, std::uint64_t id) {
            expect(outcome, returned());
            const ThreadHandle self{outcome.handle()};
            expect_equal(id_of(self), id, "the id in the key's destructor");
            drop(self);
          });
        });

const auto message_when_the_name_is_gone =
    clause("JOIN-080")
        .profile({"rust-1.63..1.82", "heddle"},
                 "A panic when the thread's information is gone calls the thread <unnamed>.")
        .source(
            "Rust 1.63, library/std/src/panicking.rs: default_hook; "
            "Rust 1.63, library/std/src/sys_common/thread_info.rs: current_thread; "
            "rust-lang/rust#127912")
        .needs({Feature::names, Feature::panic, Feature::join})
        .dies_of(SIGABRT, "'<unnamed>'")
        .example([] {
          const Closure body = closure("body", [] {
            at_key_destruction([] { expect(try_current_thread(), panicked()); });
            return returns();
          });
          expect(join(spawn(body, {.name = "weaver"})), returned());
          // The panic's message can be read only after the process has ended.
          expect_death();
          std::abort();
        });

const auto park_in_a_key_destructor =
    clause("JOIN-081")
        .profile({"rust-1.63..1.65", "heddle"},
                 "park panics when the thread's information is gone.")
        .source(
            "Rust 1.63, library/std/src/thread/mod.rs: park; "
            "Rust 1.63, library/std/src/thread/mod.rs: current; "
            "rust-lang/rust#102398; "
            "rust-lang/rust#102412")
        .needs({Feature::spawn, Feature::join, Feature::park, Feature::panic})
        .example([] {
          const Counter asked;
          expect(join(spawn([=] {
                   const ThreadHandle self = current_thread();
                   unpark(self);  // a park that works after all fails rather than hangs
                   drop(self);
                   at_key_destruction([=] {
                     asked.add();
                     expect(try_park(), panicked());
                   });
                   return returns();
                 })),
                 returned());
          expect_equal(asked.get(), 1, "how often the key's destructor ran");
        });

const auto no_handle_until_asked =
    clause("JOIN-082")
        .should("A thread that never asks who it is pays nothing for the answer.")
        .source(
            "Rust 1.63, library/std/src/sys_common/thread_info.rs: ThreadInfo::with; "
            "Rust 1.95, library/std/src/thread/current.rs: init_current")
        .untested("whether a handle was made cannot be seen from outside");

const auto name_of_main =
    clause("JOIN-083")
        .profile(everywhere,
                 "The main thread is called main if the runtime has started it, and otherwise has "
                 "no name.")
        .source(
            "Rust 1.63, library/std/src/rt.rs: init; "
            "Rust 1.95, library/std/src/rt.rs: init; "
            "Rust documentation, std::thread::Thread::name")
        .needs({Feature::names})
        .example([] {
          const auto name = own_name();
          if ((subject().flags & HEDDLE_OWNS_MAIN) != 0) {
            expect_equal(name.value_or("none"), "main", "the main thread's name");
          } else {
            expect(!name, "a main thread that the runtime has not started has no name",
                   "it has one");
          }
        });

}  // namespace
}  // namespace heddle::conformance
