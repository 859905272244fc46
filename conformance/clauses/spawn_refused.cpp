// Spawning when the system refuses: what the caller is told, what becomes of the closure, and what
// stays as it was.
#include <cerrno>

#include "clauses/new_thread_id.hpp"
#include "stage/stage.hpp"

namespace heddle::conformance {
namespace {

// Citations of more than one clause.
constexpr std::string_view spawn_returns_or_fails =
    "RETURNED: `handle` is a join handle, even when the system refused at first and the runtime "
    "found a way. FAILED: the system refused.";

// Spawns once before a fault is armed: the first spawn of a process may look up symbols and make
// keys.
void warm_up() {
  expect(join(spawn([] { return returns(); })), returned());
}

const auto refusal_is_an_error =
    clause("SPAWN-006")
        .must(
            "When the system refuses a thread and the runtime finds no way round, spawn "
            "fails; a runtime that reports errnos hands over the system's.")
        .source(
            "heddle/subject.h, heddle_spawning.spawn; "
            "heddle/subject.h, HEDDLE_REPORTS_ERRNO; "
            "Rust documentation, std::thread::Builder::spawn",
            spawn_returns_or_fails)
        .needs({Feature::spawn, Feature::join, Feature::kernel_threads})
        .fault(fails(HEDDLE_INJECT_PTHREAD_CREATE, EAGAIN))
        .example([] {
          warm_up();
          const Closure body = closure("body", nothing_to_do);
          const Outcome spawned = armed([=] { return try_spawn(body); });
          need_refusal(spawned, body);
          expect(spawned, refusal(EAGAIN));
        });

const auto invalid_is_an_error =
    clause("SPAWN-324")
        .must("When the system calls a thread's attributes invalid, spawn returns that error.")
        .source(
            "heddle/subject.h, HEDDLE_REPORTS_ERRNO; "
            "Rust documentation, std::thread::Builder::spawn; "
            "POSIX.1-2017, pthread_create",
            "A FAILED has the errno that the system refused with.")
        .needs({Feature::spawn, Feature::join, Feature::kernel_threads, Feature::errnos})
        .fault(fails(HEDDLE_INJECT_PTHREAD_CREATE, EINVAL))
        .example([] {
          warm_up();
          const Closure body = closure("body", nothing_to_do);
          const Outcome spawned = armed([=] { return try_spawn(body); });
          need_refusal(spawned, body);
          expect(spawned, refusal(EINVAL));
        });

// Has libc refuse a thread's attributes by the clause's fault. The closure must not run, and must
// have been dropped `drops` times when spawn ends.
Outcome spawn_without_attributes(std::uint64_t drops) {
  warm_up();
  const Closure body = closure("body", nothing_to_do);
  const Outcome spawned = armed([=] { return try_spawn(body); });
  expect_equal(body.captured().drops(), drops, "how often the closure was dropped");
  expect_equal(body.runs(), 0, "how often the closure ran");
  return spawned;
}

const auto attributes_refused =
    clause("SPAWN-325")
        .profile({"heddle"},
                 "When libc has no memory for a thread's attributes, spawn returns the error and "
                 "drops the closure once.")
        .source("impl/README.md, What happens when a call fails")
        .needs({Feature::spawn, Feature::join})
        .fault(fails(HEDDLE_INJECT_PTHREAD_ATTR_INIT, ENOMEM))
        .example([] { expect(spawn_without_attributes(1), refused_with(ENOMEM)); });

const auto attributes_refused_leaks =
    clause("SPAWN-330")
        .profile({"rust-1.63..1.91"},
                 "When libc has no memory for a thread's attributes, spawn panics and leaks the "
                 "closure.")
        .source(
            "Rust 1.63, library/std/src/sys/unix/thread.rs: Thread::new; "
            "rust-lang/rust#148026")
        .needs({Feature::spawn, Feature::join})
        .fault(fails(HEDDLE_INJECT_PTHREAD_ATTR_INIT, ENOMEM))
        .leaks("the closure is leaked, as the sentence says")
        .example([] { expect(spawn_without_attributes(0), panicked()); });

// Not asked of 1.92: which of the two it does has not been seen.
const auto attributes_refused_panics =
    clause("SPAWN-331")
        .profile({"rust-1.93.."},
                 "When libc has no memory for a thread's attributes, spawn panics and drops the "
                 "closure once.")
        .source(
            "Rust 1.95, library/std/src/sys/thread/unix.rs: Thread::new; "
            "rust-lang/rust#148026")
        .needs({Feature::spawn, Feature::join})
        .fault(fails(HEDDLE_INJECT_PTHREAD_ATTR_INIT, ENOMEM))
        .example([] { expect(spawn_without_attributes(1), panicked()); });

const auto attributes_kept =
    clause("SPAWN-326")
        .profile({"heddle"},
                 "When libc does not destroy a thread's attributes, spawn returns the thread.")
        .source(
            "impl/README.md, What happens when a call fails; "
            "impl/README.md, Where it departs from Rust, and why; "
            "Rust 1.63, library/std/src/sys/unix/thread.rs: Thread::new")
        .needs({Feature::spawn, Feature::join})
        .fault(fails(HEDDLE_INJECT_PTHREAD_ATTR_DESTROY, EINVAL))
        .example([] {
          warm_up();
          expect(join(armed([] { return spawn(nothing_to_do); })), returned());
        });

const auto refused_closure_is_dropped_once =
    clause("SPAWN-007")
        .must(
            "A closure whose thread was refused never runs, and is dropped exactly once, on the "
            "caller, before spawn returns.")
        .source(
            "heddle/subject.h, rule 3; "
            "Rust 1.63, library/std/src/sys/unix/thread.rs: Thread::new",
            "A call that fails has dropped every cookie that it was given before it returns.")
        .needs({Feature::spawn, Feature::join, Feature::kernel_threads})
        .fault(fails(HEDDLE_INJECT_PTHREAD_CREATE, EAGAIN))
        .example([] {
          warm_up();
          const Closure body = closure("body", nothing_to_do);
          const Outcome spawned = armed([=] { return try_spawn(body); });
          need_refusal(spawned, body);
          expect_dropped_on(body.captured(), here());
          expect_equal(body.runs(), 0, "how often the closure ran");
          expect(spawned, refusal());
        });

// Expects that spawn starts a thread. A refusal is the runtime's own if the suite itself gets a
// thread before and after it; if the machine refuses that one, too, the case has no verdict.
void expect_to_spawn_again() {
  constexpr int attempts = 5;
  for (int attempt = 0; attempt < attempts; ++attempt) {
    on_foreign_thread([] {});
    const Closure body = closure("body", nothing_to_do);
    const Outcome spawned = try_spawn(body);
    if (spawned.tag() != HEDDLE_FAILED) {
      expect(join(handle_of(spawned)), returned());
      expect_equal(body.runs(), 1, "how often the closure ran");
      return;
    }
  }
  on_foreign_thread([] {});
  fail("spawn starts a thread again", "it refused each time, while the suite got its threads");
}

const auto next_spawn_succeeds =
    clause("SPAWN-304")
        .must("After a refusal, the next spawn that the system allows starts its thread.")
        .source(
            "heddle/subject.h, heddle_spawning.spawn; "
            "Rust documentation, std::thread::Builder",
            spawn_returns_or_fails)
        .needs({Feature::spawn, Feature::join, Feature::kernel_threads})
        .fault(fails_first(HEDDLE_INJECT_PTHREAD_CREATE, EAGAIN, 3))
        .example([] {
          warm_up();
          armed([] {
            for (int attempt = 0; attempt < 3; ++attempt) {
              const Closure refused = closure("refused", nothing_to_do);
              const Outcome spawned = try_spawn(refused);
              need_refusal(spawned, refused);
              expect(spawned, refusal());
            }
          });
          expect_to_spawn_again();
        });

const auto panicking_spawn_panics =
    clause("SPAWN-008")
        .profile(everywhere,
                 "When the system refuses a thread, the panicking spawn drops the closure and "
                 "panics on the caller, once.")
        .source("Rust documentation, std::thread::spawn",
                "Panics if the OS fails to create a thread; use Builder::spawn to recover from "
                "such errors.")
        .needs({Feature::spawn, Feature::spawn_or_panic, Feature::hook, Feature::join})
        .fault(fails(HEDDLE_INJECT_PTHREAD_CREATE, EAGAIN))
        .example([] {
          warm_up();
          const Counter hooks;
          set_hook();
          set_hook_action([=](std::string_view) { return hooks.add(), returns(); });
          const Closure body = closure("body", nothing_to_do);
          const Outcome spawned = armed([=] { return try_spawn_or_panic(body); });
          expect(spawned, panicked());
          expect_equal(hooks.get(), 1, "how often the panic hook ran");
          expect_dropped_on(body.captured(), here());
          expect_equal(body.runs(), 0, "how often the closure ran");
        });

const auto panicking_spawn_says_why =
    clause("SPAWN-305")
        .profile({"rust-1.63.."},
                 "The panic of a refused spawn carries a string with the error in it.")
        .source(
            "Rust 1.63, library/std/src/thread/mod.rs: spawn; "
            "Rust 1.95, library/std/src/thread/functions.rs: spawn")
        .needs({Feature::spawn, Feature::spawn_or_panic, Feature::hook, Feature::join})
        .fault(fails(HEDDLE_INJECT_PTHREAD_CREATE, EAGAIN))
        .example([] {
          warm_up();
          set_hook();
          const Outcome spawned = armed([] { return try_spawn_or_panic(nothing_to_do); });
          expect(spawned, panicked());
          expect_equal(spawned.payload(), HEDDLE_PAYLOAD_STRING, "the kind of the payload");
          expect_equal(spawned.text(),
                       "failed to spawn thread: Os { code: 11, kind: WouldBlock, message: "
                       "\"Resource temporarily unavailable\" }",
                       "the message");
        });

const auto refusal_leaves_the_caller =
    clause("SPAWN-009")
        .profile(everywhere,
                 "A refused spawn changes neither the caller's identity and name, nor its parking "
                 "token, nor whether it unwinds.")
        .source(
            "Rust 1.63, library/std/src/thread/mod.rs: Builder::spawn_unchecked_; "
            "Rust 1.95, library/std/src/thread/lifecycle.rs: spawn_unchecked")
        .needs({Feature::names, Feature::thread_handle, Feature::thread_id, Feature::park,
                Feature::panicking, Feature::join})
        .fault(fails(HEDDLE_INJECT_PTHREAD_CREATE, EAGAIN))
        .example([] {
          const Closure caller = closure("caller", [] {
            const ThreadHandle before = current_thread();
            unpark(before);
            expect(armed([] { return try_spawn(nothing_to_do); }), refused());
            const ThreadHandle after = current_thread();
            expect_equal(id_of(after), id_of(before), "the caller's id");
            expect_equal(name_of(after).value_or("none"), "weaver", "the caller's name");
            expect(!panicking(), "the caller does not unwind", "panicking is true");
            park();  // hangs if the token is gone
            drop(before);
            drop(after);
            return returns();
          });
          expect(join(spawn(caller, {.name = "weaver"})), returned());
        });

const auto refusal_eats_an_id =
    clause("SPAWN-010")
        .profile(everywhere,
                 "A thread that the system refuses has taken an id, which no other thread gets.")
        .source(
            "Rust 1.63, library/std/src/thread/mod.rs: Builder::spawn_unchecked_; "
            "Rust 1.63, library/std/src/thread/mod.rs: Thread::new; "
            "Rust 1.95, library/std/src/thread/lifecycle.rs: spawn_unchecked")
        .needs({Feature::spawn, Feature::join, Feature::thread_handle, Feature::thread_id,
                Feature::handle_thread})
        .fault(fails(HEDDLE_INJECT_PTHREAD_CREATE, EAGAIN))
        .example([] {
          drop(current_thread());  // so that this thread has its own id already
          const std::uint64_t before = id_of_a_new_thread();
          expect(armed([] { return try_spawn(nothing_to_do); }), refused());
          expect_equal(id_of_a_new_thread(), before + 2, "the id of the thread after the refusal");
        });

// Returns how many ids a spawn takes that is refused for its name.
std::uint64_t ids_taken_by_an_invalid_name() {
  drop(current_thread());  // so that this thread has its own id already
  const std::uint64_t before = id_of_a_new_thread();
  expect(try_spawn(nothing_to_do, {.name = std::string_view("a\0b", 3)}), refused_or_panicked());
  return id_of_a_new_thread() - before - 1;
}

const auto invalid_name_takes_no_id =
    clause("SPAWN-306")
        .profile({"rust-1.63..1.82", "heddle"}, "A spawn that is refused for its name takes no id.")
        .source(
            "Rust 1.63, library/std/src/thread/mod.rs: Builder::spawn_unchecked_; "
            "rust-lang/rust#127912")
        .needs({Feature::names, Feature::thread_handle, Feature::thread_id, Feature::handle_thread,
                Feature::join})
        .example([] {
          expect_equal(ids_taken_by_an_invalid_name(), 0, "how many ids the refused spawn took");
        });

// Not asked of 1.83 and 1.84: which of the two they do has not been seen.
const auto invalid_name_takes_an_id =
    clause("SPAWN-332")
        .profile({"rust-1.85.."},
                 "A spawn that is refused for its name takes an id, which no other thread gets.")
        .source(
            "Rust 1.95, library/std/src/thread/lifecycle.rs: spawn_unchecked; "
            "rust-lang/rust#127912")
        .needs({Feature::names, Feature::thread_handle, Feature::thread_id, Feature::handle_thread,
                Feature::join})
        .example([] {
          expect_equal(ids_taken_by_an_invalid_name(), 1, "how many ids the refused spawn took");
        });

const auto panic_names_the_call =
    clause("SPAWN-390")
        .profile({"heddle"},
                 "The panic of a refused spawn carries a string that names the call and its "
                 "error.")
        .source("impl/README.md, What happens when a call fails")
        .needs({Feature::spawn, Feature::spawn_or_panic, Feature::hook, Feature::join})
        .fault(fails(HEDDLE_INJECT_PTHREAD_CREATE, EAGAIN))
        .example([] {
          warm_up();
          set_hook();
          const Outcome spawned = armed([] { return try_spawn_or_panic(nothing_to_do); });
          expect(spawned, panicked());
          expect_equal(spawned.text(),
                       "failed to spawn thread: pthread_create: Resource temporarily unavailable "
                       "(os error 11)",
                       "the message");
        });

}  // namespace
}  // namespace heddle::conformance
