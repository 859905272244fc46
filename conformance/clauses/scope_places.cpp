// Scopes inside scopes and in awkward places, and the settings of their threads.
#include "clauses/late_thread.hpp"
#include "clauses/surplus_token.hpp"
#include "stage/stage.hpp"

namespace heddle::conformance {
namespace {

const auto inner_scope_waits_for_its_own =
    clause("SCOPE-200")
        .must(
            "A scope inside a scope waits for its own threads, but not for the outer "
            "scope's.")
        .source(
            "heddle/subject.h, heddle_scopes.scope; "
            "Rust documentation, std::thread::scope",
            "Runs the body with the scope as `argument`, then waits for every thread spawned in "
            "it.")
        .needs({Feature::scope, Feature::scope_drop})
        .example([] {
          const Signal inner_over;
          const Signal inner_ended;
          const auto owner = kernel_thread_id();
          expect(scope([=](Scope outer) {
                   detach(spawn(outer, closure("outer thread", [=] {
                                  inner_over.wait();
                                  return returns();
                                })));
                   expect(scope([=](Scope inner) {
                            detach(spawn(inner, late(owner, inner_ended)));
                            return returns();
                          }),
                          returned());
                   expect_ended(inner_ended);
                   inner_over.set();
                   return returns();
                 }),
                 returned());
        });

const auto scoped_thread_owns_a_scope =
    clause("SCOPE-313")
        .must("A scope in a scoped thread holds that thread back, and no other.")
        .source(
            "heddle/subject.h, heddle_scopes.scope; "
            "Rust documentation, std::thread::scope",
            "Runs the body with the scope as `argument`, then waits for every thread spawned in "
            "it.")
        .needs({Feature::scope, Feature::scope_join, Feature::scope_drop})
        .example([] {
          const Signal ended;
          const Signal owner_went_on;
          expect(scope([=](Scope outer) {
                   const JoinHandle middle =
                       spawn(outer, closure("middle", [=] {
                               const auto owner = kernel_thread_id();
                               expect(scope([=](Scope inner) {
                                        detach(spawn(inner, closure("innermost", [=] {
                                                       owner_went_on.wait();
                                                       let_block(owner);
                                                       ended.set();
                                                       return returns();
                                                     })));
                                        return returns();
                                      }),
                                      returned());
                               expect_ended(ended);
                               return returns();
                             }));
                   owner_went_on.set();
                   expect(join(middle), returned());
                   return returns();
                 }),
                 returned());
        });

const auto inner_panic_stays_inside =
    clause("SCOPE-314")
        .must("A thread's panic makes its own scope panic, and not the scope around it.")
        .source(
            "heddle/subject.h, HEDDLE_SCOPE_PANICS; "
            "Rust documentation, std::thread::scope",
            "A panic of a thread that nobody joined makes the scope panic when all have ended; one "
            "that join has handed out does not.")
        .needs({Feature::scope, Feature::scope_drop, Feature::panic, Feature::thread_panics,
                Feature::scope_panics})
        .example([] {
          expect(scope([] {
                   expect(scope([](Scope inner) {
                            detach(spawn(inner, [] { return panics("a panic"); }));
                            return returns();
                          }),
                          panicked());
                   return returns();
                 }),
                 returned());
        });

const auto scoped_threads_have_names =
    clause("SCOPE-201")
        .must("A scoped thread has the name that its builder was given.")
        .source(
            "Rust documentation, std::thread::Builder::spawn_scoped; "
            "heddle/subject.h, HEDDLE_TAKES_NAME; "
            "heddle/subject.h, heddle_scopes.spawn",
            "Spawns a new scoped thread using the settings set through this Builder.")
        .needs({Feature::scope, Feature::scope_join, Feature::names})
        .example([] {
          expect(scope([](Scope inside) {
                   const JoinHandle named =
                       spawn(inside,
                             closure("named thread",
                                     [] {
                                       const ThreadHandle self = current_thread();
                                       expect_equal(name_of(self).value_or("no name"), "weft",
                                                    "its name");
                                       drop(self);
                                       return returns();
                                     }),
                             {.name = "weft"});
                   expect(join(named), returned());
                   return returns();
                 }),
                 returned());
        });

const auto scoped_handles_know_their_thread =
    clause("SCOPE-315")
        .must("The join handle of a scoped thread knows the thread that runs the body.")
        .source(
            "Rust documentation, std::thread::ScopedJoinHandle::thread; "
            "heddle/subject.h, heddle_scopes.thread",
            "Extracts a handle to the underlying thread.")
        .needs({Feature::scope, Feature::scope_join, Feature::thread_handle, Feature::thread_id,
                Feature::handle_thread})
        .example([] {
          expect(scope([](Scope inside) {
                   const Counter id;
                   const JoinHandle handle = spawn(inside, [=] {
                     const ThreadHandle self = current_thread();
                     id.set(id_of(self));
                     drop(self);
                     return returns();
                   });
                   const ThreadHandle thread = thread_of(handle);
                   const std::uint64_t known = id_of(thread);  // there may be no id after join
                   drop(thread);
                   expect(join(handle), returned());
                   expect_equal(known, id.get(), "the id of the handle's thread");
                   return returns();
                 }),
                 returned());
        });

const auto scoped_threads_have_stack_sizes =
    clause("SCOPE-316")
        .must("A scoped thread gets the stack that its builder was asked for.")
        .source(
            "Rust documentation, std::thread::Builder::spawn_scoped; "
            "heddle/subject.h, HEDDLE_TAKES_STACK_SIZE; "
            "heddle/subject.h, heddle_scopes.spawn",
            "Spawns a new scoped thread using the settings set through this Builder.")
        .needs({Feature::scope, Feature::scope_join, Feature::stack_size})
        .example([] {
          constexpr std::uint64_t requested = 32 << 20;
          const Closure measuring = closure("measuring thread", [] {
            const std::size_t size = own_stack().size;
            // A page and the thread's own data may be missing; another size would be far off.
            expect(size > requested / 2, "the stack is about as large as it was asked for",
                   std::to_string(size) + " bytes, and 32 MiB were asked for");
            return returns();
          });
          expect(scope([=](Scope inside) {
                   const Outcome spawned = try_spawn(inside, measuring, {.stack_size = requested});
                   if (spawned.tag() == HEDDLE_FAILED) {
                     excuse("the runtime refuses to be asked for a stack size");
                   }
                   expect(join(handle_of(spawned)), returned());
                   return returns();
                 }),
                 returned());
        });

const auto scoped_threads_finish =
    clause("SCOPE-317")
        .must("is_finished of a scoped thread is false while its body runs, and then turns true.")
        .source(
            "Rust documentation, std::thread::ScopedJoinHandle::is_finished; "
            "heddle/subject.h, heddle_scopes.is_finished",
            "Checks if the associated thread has finished running its main function.")
        .needs({Feature::scope, Feature::scope_join, Feature::scope_is_finished})
        .example([] {
          expect(scope([](Scope inside) {
                   const Signal end;
                   const JoinHandle handle = spawn(inside, [=] {
                     end.wait();
                     return returns();
                   });
                   expect(!is_finished(handle), "is_finished is false while the body runs");
                   end.set();
                   wait_until_finished(handle);
                   expect(is_finished(handle), "is_finished stays true");
                   expect(join(handle), returned());
                   return returns();
                 }),
                 returned());
        });

// Most times, a token that is still there ends the park_timeout at once.
const auto empty_scope_leaves_the_token =
    clause("SCOPE-202")
        .should("A scope without threads does not park: it leaves its owner's token alone.")
        .source(
            "Rust 1.63, library/std/src/thread/scoped.rs: scope; "
            "Rust 1.95, library/std/src/thread/scoped.rs: scope")
        .needs({Feature::scope, Feature::park_timeout, Feature::thread_handle})
        .example([] {
          for (int trial = 0; trial < trials; ++trial) {
            unpark_self();
            expect(scope([] { return returns(); }), returned());
            if (!park_timeout_expires()) {
              return;
            }
          }
          fail("the token is there after an empty scope", "each time, it was gone");
        });

const auto scopes_work_in_destructors =
    clause("SCOPE-203")
        .profile(everywhere, "A scope works in the destructor of a thread local.")
        .source(
            "Rust 1.63, library/std/src/thread/scoped.rs: scope; "
            "Rust 1.95, library/std/src/thread/scoped.rs: scope; "
            "Rust documentation, std::thread::LocalKey")
        .needs(
            {Feature::scope, Feature::scope_drop, Feature::spawn, Feature::join, Feature::tls_lazy})
        .example([] {
          const Signal scope_over;
          initialise(lazy_slot(0), [=] {
            return returns(value("thread local").when_dropped([=] {
              const Signal ended;
              const auto owner = kernel_thread_id();
              expect(scope([=](Scope inside) {
                       detach(spawn(inside, late(owner, ended)));
                       return returns();
                     }),
                     returned());
              expect_ended(ended);
              scope_over.set();
              return returns();
            }));
          });
          on_spawned_thread([] { touch(lazy_slot(0)); });
          expect(scope_over.is_set(), "the destructor's scope is over when join returns");
        });

}  // namespace
}  // namespace heddle::conformance
