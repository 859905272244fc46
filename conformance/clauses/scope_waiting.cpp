// A scope waits for its threads, whatever happens to its owner meanwhile.
#include <algorithm>
#include <array>
#include <cerrno>
#include <functional>
#include <vector>

#include "clauses/late_thread.hpp"
#include "clauses/unordered_wait.hpp"
#include "stage/stage.hpp"

namespace heddle::conformance {
namespace {

// Citations of more than one clause.
constexpr std::string_view scope_waits_for_every_thread =
    "Runs the body with the scope as `argument`, then waits for every thread spawned in it.";
constexpr std::string_view threads_are_joined =
    "All threads spawned within the scope that haven't been manually joined will be "
    "automatically joined before this function returns.";
constexpr std::string_view sources_of_scope =
    "heddle/subject.h, heddle_scopes.scope; "
    "Rust documentation, std::thread::scope; "
    "Rust 1.63, library/std/src/thread/scoped.rs: scope";
constexpr std::string_view sources_of_scope_on_futexes =
    "heddle/subject.h, heddle_scopes.scope; "
    "Rust documentation, std::thread::scope; "
    "futex(2)";

// Runs a scope with one late thread, whose handle is dropped, so that the scope alone waits for it.
void expect_scope_to_wait() {
  const Signal ended;
  const auto owner = kernel_thread_id();
  const Closure body = closure("scope body", [=](Scope inside) {
    detach(spawn(inside, late(owner, ended)));
    return returns();
  });
  expect(scope(body), returned());
  expect_ended(ended);
}

const auto scope_waits =
    clause("SCOPE-183")
        .must(
            "A scope returns after every thread spawned in it, including those that nobody "
            "joins.")
        .source(
            "heddle/subject.h, heddle_scopes.scope; "
            "Rust documentation, std::thread::scope",
            scope_waits_for_every_thread)
        .needs({Feature::scope, Feature::scope_drop})
        .example(expect_scope_to_wait);

const auto scope_waits_for_grandchildren =
    clause("SCOPE-301")
        .must("A scope returns after the threads that its threads have spawned in it.")
        .source(
            "Rust documentation, std::thread::scope; "
            "Rust documentation, std::thread::Scope::spawn; "
            "heddle/subject.h, heddle_scopes.scope",
            threads_are_joined)
        .needs({Feature::scope, Feature::scope_drop})
        .example([] {
          const Signal ended;
          const auto owner = kernel_thread_id();
          const Closure body = closure("scope body", [=](Scope inside) {
            detach(spawn(inside, closure("child", [=] {
                           let_block(owner);
                           const auto child = kernel_thread_id();
                           // The owner may block for the child, too: so that comes to its end.
                           const Closure grandchild = closure("grandchild", [=] {
                             static_cast<void>(let_end(child));
                             let_block(owner);
                             ended.set();
                             return returns();
                           });
                           const Outcome spawned = try_spawn(inside, grandchild);
                           if (spawned.tag() == HEDDLE_FAILED) {
                             excuse("the runtime lets only the owner of a scope spawn in it");
                           }
                           detach(handle_of(spawned));
                           return returns();
                         })));
            return returns();
          });
          expect(scope(body), returned());
          expect_ended(ended);
        });

const auto panic_does_not_end_the_wait =
    clause("SCOPE-329")
        .must("A thread that has panicked does not end a scope's wait for the others.")
        .source(
            "heddle/subject.h, HEDDLE_SCOPE_PANICS; "
            "Rust documentation, std::thread::Scope::spawn",
            "A panic of a thread that nobody joined makes the scope panic when all have ended; one "
            "that join has handed out does not.")
        .needs({Feature::scope, Feature::scope_drop, Feature::panic, Feature::scope_panics})
        .example([] {
          const Signal ended;
          const auto owner = kernel_thread_id();
          const Closure body = closure("scope body", [=](Scope inside) {
            const SharedNumber<pid_t> kernel_thread;
            const Signal told;
            detach(spawn(inside, closure("panicking thread", [=] {
                           kernel_thread.set(kernel_thread_id());
                           told.set();
                           return resumes(value("payload"));
                         })));
            told.wait();
            let_end(kernel_thread.get());
            detach(spawn(inside, late(owner, ended)));
            return returns();
          });
          expect(scope(body), panicked());
          expect_ended(ended);
        });

const auto scope_waits_before_unwinding =
    clause("SCOPE-302")
        .must("A scope whose body panics waits for its threads before the panic leaves it.")
        .source(sources_of_scope, scope_waits_for_every_thread)
        .needs({Feature::scope, Feature::scope_drop, Feature::panic})
        .example([] {
          const Signal ended;
          const auto owner = kernel_thread_id();
          const Closure body = closure("scope body", [=](Scope inside) {
            detach(spawn(inside, late(owner, ended)));
            return panics("the body's panic");
          });
          expect(scope(body), panicked());
          expect_ended(ended);
        });

// The owner is unparked before and while it waits. These unparks are not what it waits for.
const auto unparks_do_not_end_it =
    clause("SCOPE-198")
        .must("Unparks of its owner by others do not end a scope early.")
        .source(sources_of_scope, scope_waits_for_every_thread)
        .needs({Feature::scope, Feature::scope_drop, Feature::park, Feature::thread_handle})
        .example([] {
          const Signal ended;
          const auto owner = kernel_thread_id();
          const ThreadHandle self = current_thread();
          const Closure body = closure("scope body", [=](Scope inside) {
            detach(spawn(inside, closure("unparking thread", [=] {
                           for (int count = 0; count < 10; ++count) {
                             let_block(owner);
                             unpark(self);
                           }
                           let_block(owner);
                           ended.set();
                           return returns();
                         })));
            unpark(self);
            return returns();
          });
          expect(scope(body), returned());
          expect_ended(ended);
          drop(self);
        });

const auto spurious_wakes_do_not_end_it =
    clause("SCOPE-303")
        .must("Futex waits that end spuriously do not end a scope early.")
        .source(sources_of_scope_on_futexes, scope_waits_for_every_thread)
        .needs({Feature::scope, Feature::scope_drop})
        .fault(wakes_spuriously(3))
        .example([] { armed(expect_scope_to_wait); });

const auto signals_do_not_end_it =
    clause("SCOPE-304")
        .must("Futex waits that are interrupted do not end a scope early.")
        .source(sources_of_scope_on_futexes, scope_waits_for_every_thread)
        .needs({Feature::scope, Feature::scope_drop})
        .fault(fails_first(HEDDLE_INJECT_FUTEX_WAIT, EINTR, 3))
        .example([] { armed(expect_scope_to_wait); });

const auto changed_words_do_not_end_it =
    clause("SCOPE-305")
        .must("Futex waits that end with EAGAIN do not end a scope early.")
        .source(sources_of_scope_on_futexes, scope_waits_for_every_thread)
        .needs({Feature::scope, Feature::scope_drop})
        .fault(fails_first(HEDDLE_INJECT_FUTEX_WAIT, EAGAIN, 3))
        .example([] { armed(expect_scope_to_wait); });

// Each of the first threads is the scope's last for a while, so it does all that the last thread of
// a scope does at its end.
const auto count_may_fall_to_zero_and_rise =
    clause("SCOPE-199")
        .must("A scope whose threads have all ended, and which then spawns another, waits for it.")
        .source(
            "heddle/subject.h, heddle_scopes.scope; "
            "Rust documentation, std::thread::scope; "
            "Rust 1.63, library/std/src/thread/scoped.rs: ScopeData::decrement_num_running_threads",
            scope_waits_for_every_thread)
        .needs({Feature::scope, Feature::scope_join, Feature::scope_drop})
        .example([] {
          const Signal ended;
          const auto owner = kernel_thread_id();
          const Closure body = closure("scope body", [=](Scope inside) {
            for (int count = 0; count < 3; ++count) {
              expect(join(spawn(inside, [] { return returns(); })), returned());
              const SharedNumber<pid_t> kernel_thread;
              const Signal running;
              detach(spawn(inside, [=] {
                kernel_thread.set(kernel_thread_id());
                running.set();
                return returns();
              }));
              running.wait();
              let_end(kernel_thread.get());
            }
            detach(spawn(inside, late(owner, ended)));
            return returns();
          });
          expect(scope(body), returned());
          expect_ended(ended);
        });

// Fills memory that a scope may have used: the stack below the caller, and blocks of the sizes that
// the scope's record may have. Expects that the memory does not change during `meanwhile`.
[[gnu::noinline]] void expect_memory_to_stay(const std::function<void()>& meanwhile) {
  constexpr std::uint64_t paint = 0x5a5a'5a5a'5a5a'5a5a;
  std::array<volatile std::uint64_t, 1024> frame;
  std::ranges::fill(frame, paint);
  std::vector<std::vector<std::uint64_t>> blocks;
  for (std::size_t block = 0; block < 256; ++block) {
    blocks.emplace_back(1 + block % 32, paint);
  }
  meanwhile();
  const auto is_painted = [](std::uint64_t word) { return word == paint; };
  expect(std::ranges::all_of(frame, is_painted), "the owner's stack is its own after the scope",
         "somebody wrote to it");
  for (const auto& block : blocks) {
    expect(std::ranges::all_of(block, is_painted), "the owner's memory is its own after the scope",
           "somebody wrote to it");
  }
}

// A thread that still writes to the scope's record is too late: the owner may use that memory for
// something else by then.
const auto record_outlives_its_last_user =
    clause("SCOPE-197")
        .must("A scope's threads leave its owner's memory alone once the scope has returned.")
        .source(
            "heddle/subject.h, heddle_scopes; "
            "rust-lang/rust#98498; "
            "Rust 1.63, library/std/src/thread/scoped.rs: scope",
            "A scope pointer is good until `scope` returns: in its body, in its threads, and while "
            "their values are dropped.")
        .needs({Feature::scope, Feature::scope_drop, Feature::spawn, Feature::join})
        .example([] {
          for (int round = 0; round < 60; ++round) {
            on_spawned_thread([] {
              const std::array<SharedNumber<pid_t>, 3> kernel_threads;
              const Closure body = closure("scope body", [=](Scope inside) {
                for (const auto& kernel_thread : kernel_threads) {
                  detach(spawn(inside, [=] {
                    kernel_thread.set(kernel_thread_id());
                    return returns();
                  }));
                }
                return returns();
              });
              expect(scope(body), returned());
              expect_memory_to_stay([&] {
                for (const auto& kernel_thread : kernel_threads) {
                  let_end(kernel_thread.get());
                }
              });
            });
          }
        });

// The clause holds as long as no return is seen: only a scope that does return is blamed, never a
// slow one.
const auto forgotten_handle_keeps_it =
    clause("SCOPE-189")
        .profile(everywhere, "A scope in which a join handle was leaked does not return.")
        .source(
            "Rust 1.63, library/std/src/thread/mod.rs: Packet::drop; "
            "Rust 1.95, library/std/src/thread/lifecycle.rs: Packet::drop; "
            "Rust documentation, std::mem::forget")
        .needs({Feature::scope, Feature::spawn, Feature::forget})
        .leaks("the check asks for the handle to be leaked")
        .example([] {
          const SharedNumber<pid_t> owner, child;
          const Signal child_known, returned_to_owner;
          leave(spawn([=] {
            owner.set(kernel_thread_id());
            static_cast<void>(scope(closure("scope body", [=](Scope inside) {
              forget(spawn(inside, [=] {
                child.set(kernel_thread_id());
                child_known.set();
                return returns();
              }));
              return returns();
            })));
            returned_to_owner.set();
            return returns();
          }));
          child_known.wait();
          let_end(child.get());
          let_block(owner.get());
          expect(!returned_to_owner.is_set(), "the scope waits for the leaked handle",
                 "it returned");
        });

// The threads write after all spawns and handles are done with, so that only the scope's end orders
// the writes before the reads.
const auto bodies_are_seen_after_the_scope =
    clause("SCOPE-194")
        .must("What the threads of a scope did is seen after the scope.")
        .source(
            "Rust documentation, std::thread::scope; "
            "Rust documentation, std::thread::ScopedJoinHandle::join; "
            "Rust 1.63, library/std/src/thread/scoped.rs: ScopeData::decrement_num_running_threads",
            threads_are_joined)
        .needs({Feature::scope, Feature::scope_drop, Feature::thread_sanitizer})
        .example([] {
          struct Words {
            std::uint64_t first = 0, second = 0;
          };
          auto* const words = new Words;  // never freed: free() might order memory, too
          const auto owner = kernel_thread_id();
          const Closure body = closure("scope body", [=](Scope inside) {
            const Counter turn;
            detach(spawn(inside, [=] {
              wait_unordered(turn, 1);
              words->first = 1;
              return returns();
            }));
            detach(spawn(inside, [=] {
              wait_unordered(turn, 1);
              let_block(owner);
              words->second = 2;
              return returns();
            }));
            turn.add();
            return returns();
          });
          expect(scope(body), returned());
          expect_equal(words->first + words->second, 3, "the sum of what both threads wrote");
        });

const auto tokens_may_change =
    clause("SCOPE-181")
        .profile(everywhere, "A scope may take its owner's token, and may leave it one.")
        .source(
            "Rust 1.63, library/std/src/thread/scoped.rs: scope; "
            "Rust 1.95, library/std/src/thread/scoped.rs: scope")
        .untested("permission: a scope that leaves the token alone is as good");

const auto destructors_may_come_later =
    clause("SCOPE-192")
        .profile(everywhere,
                 "A scope may return before the thread locals of its threads are destroyed.")
        .source(
            "Rust documentation, std::thread::scope; "
            "Rust 1.63, library/std/src/thread/mod.rs: Packet::drop; "
            "Rust 1.95, library/std/src/thread/lifecycle.rs: Packet::drop")
        .untested("permission: a scope that waits for them as well is as good");

const auto held_handle_counts =
    clause("SCOPE-188")
        .profile(everywhere,
                 "A finished thread counts as running in its scope while its handle is held.")
        .source(
            "Rust 1.63, library/std/src/thread/mod.rs: Packet::drop; "
            "Rust 1.95, library/std/src/thread/lifecycle.rs: Packet::drop")
        .untested("the ABI does not show the count; SCOPE-189 asks what a leaked handle does");

void expect_refusal(Scope within) {
  const Closure body = closure("body", [] { return returns(); });
  const Outcome spawned = try_spawn(within, body);
  expect(spawned, panicked());
  expect_dropped_on(body.captured(), here());
}

const auto count_is_bounded =
    clause("SCOPE-196")
        .profile(everywhere,
                 "A spawn that would overflow a scope's count panics and leaves the count alone.")
        .source(
            "Rust 1.63, library/std/src/thread/scoped.rs: "
            "ScopeData::increment_num_running_threads; "
            "Rust 1.95, library/std/src/thread/scoped.rs: ScopeData::increment_num_running_threads")
        .needs({Feature::scope, Feature::scope_join, Feature::preset_scope})
        .example([] {
          constexpr std::uint64_t half = UINT64_MAX / 2;
          expect(scope([=](Scope inside) {
                   // The second spawn would succeed if the first had left the count a step lower,
                   // or, where a step higher is zero, a step higher.
                   for (const std::uint64_t too_many : {half + 1, UINT64_MAX}) {
                     preset_running(inside, too_many);
                     expect_refusal(inside);
                     expect_refusal(inside);
                   }
                   preset_running(inside, half);
                   const JoinHandle last_one = spawn(inside, [] { return returns(); });
                   expect(join(last_one), returned());
                   preset_running(inside, 0);  // or the scope would wait for that many threads
                   return returns();
                 }),
                 returned());
        });

}  // namespace
}  // namespace heddle::conformance
