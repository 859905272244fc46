// Joining: what join returns, when it returns, and where it may be called.
#include <pthread.h>
#include <cerrno>

#include <csignal>

#include "clauses/seen_waiting.hpp"
#include "stage/held_body.hpp"
#include "stage/stage.hpp"

namespace heddle::conformance {
namespace {

// Citations of more than one clause.
constexpr std::string_view sources_of_join =
    "Rust 1.63, library/std/src/sys/unix/thread.rs: Thread::join; "
    "Rust 1.95, library/std/src/sys/thread/unix.rs: Thread::join";

const auto value_comes_out =
    clause("JOIN-039")
        .must("join returns the very value that the closure returned, and keeps none of it.")
        .source(
            "heddle/subject.h, heddle_spawning.join; "
            "Rust documentation, std::thread::JoinHandle::join",
            "Eats the join handle and waits for the thread. RETURNED: `value` is the body's "
            "cookie.")
        .needs({Feature::spawn, Feature::join, Feature::thread_values})
        .example([] {
          const Value result = value("result");
          expect(join(spawn([=] { return returns(result); })), returned(result));
          expect_not_dropped(result);
        });

const auto panic_comes_out =
    clause("JOIN-040")
        .must("When the closure panicked, join returns the very payload of the panic.")
        .source(
            "heddle/subject.h, HEDDLE_CARRIES_PANIC; "
            "heddle/subject.h, heddle_spawning.join; "
            "Rust documentation, std::thread::JoinHandle::join; "
            "Rust documentation, std::thread::Result",
            "The runtime carries a body's panic to the joiner.")
        .needs({Feature::spawn, Feature::join, Feature::thread_panics})
        .example([] {
          const Value payload = value("payload");
          expect(join(spawn([=] { return panics(payload); })), caught(payload));
          expect_not_dropped(payload);
        });

const auto join_waits_for_thread_locals =
    clause("JOIN-041")
        .must("join returns after the last destructor of the thread's locals has returned.")
        .source(
            "heddle/subject.h, HEDDLE_JOIN_AWAITS_LOCALS; "
            "rust-lang/rust#149482",
            "join returns after the destructors of the thread's locals.")
        .needs({Feature::spawn, Feature::join, Feature::tls_lazy, Feature::join_awaits_locals})
        .example([] {
          const Counter destroyed;
          const auto joiner = kernel_thread_id();
          const auto slow = [=] {
            let_block(joiner);  // a join that does not wait is over by then
            destroyed.add();
            return returns();
          };
          const Closure body = closure("body", [=] {
            for (std::uint32_t number = 0; number < slots_of(HEDDLE_STORAGE_LAZY); ++number) {
              const Value last = value("thread local").when_dropped(slow);
              initialise(lazy_slot(number), [=] { return returns(last); });
              touch(lazy_slot(number));
            }
            return returns();
          });
          expect(join(spawn(body)), returned());
          expect_equal(destroyed.get(), slots_of(HEDDLE_STORAGE_LAZY),
                       "how many destructors had returned when join did");
        });

const auto completion_happens_before_join =
    clause("JOIN-042")
        .must("What the thread did, even in its destructors, is visible once join has returned.")
        .source(
            "Rust documentation, std::thread::JoinHandle::join; "
            "ISO C++20, [thread.thread.member]; "
            "POSIX.1-2017, XBD 4.12",
            "In other words, all operations performed by that thread happen before all operations "
            "that happen after join returns.")
        .needs({Feature::spawn, Feature::join, Feature::tls_lazy, Feature::thread_sanitizer,
                Feature::join_awaits_locals})
        .example([] {
          // Plain memory, and never freed: ThreadSanitizer judges the accesses below.
          auto* const by_the_body = new std::uint64_t(0);
          auto* const by_the_destructor = new std::uint64_t(0);
          const Value last = value("thread local").when_dropped([=] {
            *by_the_destructor = 7;
            return returns();
          });
          initialise(lazy_slot(0), [=] { return returns(last); });
          expect(join(spawn([=] {
                   touch(lazy_slot(0));
                   *by_the_body = 7;
                   return returns();
                 })),
                 returned());
          expect_equal(*by_the_body, 7, "what the body wrote");
          expect_equal(*by_the_destructor, 7, "what the destructor wrote");
        });

const auto finished_thread_can_be_joined =
    clause("JOIN-043")
        .must("A thread that has ended can still be joined.")
        .source(
            "Rust documentation, std::thread::JoinHandle::join; "
            "POSIX.1-2017, pthread_join",
            "This function will return immediately if the associated thread has already finished.")
        .needs({Feature::spawn, Feature::join})
        .example([] {
          const HeldBody body;
          const JoinHandle thread = spawn(body.closure());
          body.run_to_its_end();
          expect(join(thread), returned());
        });

const auto self_join =
    clause("JOIN-047")
        .profile(everywhere, "A thread that joins itself panics, and lives on.")
        .source("Rust documentation, std::thread::JoinHandle::join",
                "This function may panic on some platforms if a thread attempts to join itself or "
                "otherwise may create a deadlock with joining threads.")
        .needs({Feature::spawn, Feature::join, Feature::panic})
        .example([] {
          auto* const own_handle = new JoinHandle;  // never freed: its thread may run on
          const Signal handed_over;
          const Signal lived_on;
          *own_handle = spawn([=] {
            handed_over.wait();
            expect(join(*own_handle), panicked());
            lived_on.set();
            return returns();
          });
          handed_over.set();
          lived_on.wait();
        });

const auto join_tells_the_error =
    clause("JOIN-048")
        .profile({"rust-1.63.."},
                 "When the system refuses to join, join panics with the error in its message.")
        .source(sources_of_join)
        .needs({Feature::spawn, Feature::join, Feature::into_native, Feature::panic})
        .example([] {
          const HeldBody body;
          const JoinHandle thread = spawn(body.closure());
          if (::pthread_detach(native_of(thread)) != 0) {
            internal_error("the check cannot detach the thread behind the runtime's back");
          }
          const Outcome joined = join(thread);
          body.release();
          expect(joined, panicked());
          expect_equal(joined.text(), "failed to join thread: Invalid argument (os error 22)",
                       "the message");
        });

const auto refused_join =
    clause("JOIN-321")
        .profile(everywhere,
                 "When the system refuses to join, join panics, and the process lives on.")
        .source(
            "Rust 1.63, library/std/src/sys/unix/thread.rs: Thread::join; "
            "Rust 1.95, library/std/src/sys/thread/unix.rs: Thread::join; "
            "impl/README.md, What happens when a call fails")
        .needs({Feature::spawn, Feature::join, Feature::panic})
        .fault(fails(HEDDLE_INJECT_PTHREAD_JOIN, ESRCH))
        .example([] {
          const JoinHandle thread = spawn([] { return returns(); });
          expect(armed([=] { return join(thread); }), panicked());
        });

Ending exits() {
  ::pthread_exit(nullptr);
}

const auto vanished_thread_in_rust =
    clause("JOIN-049")
        .profile({"rust-1.63.."},
                 "A closure that calls pthread_exit ends the process: the forced unwind is caught.")
        .source(
            "Rust 1.63, library/panic_unwind/src/gcc.rs: cleanup; "
            "Rust 1.95, library/panic_unwind/src/gcc.rs: cleanup; "
            "glibc 2.36, nptl/unwind.c: unwind_cleanup")
        .needs({Feature::spawn, Feature::join})
        .dies_of(SIGABRT, "exception not rethrown")
        .example([] {
          expect_death();
          static_cast<void>(join(spawn(exits)));  // dies; if it returns, the judge says so
        });

const auto vanished_thread_in_heddle =
    clause("JOIN-301")
        .profile({"heddle"},
                 "A closure that calls pthread_exit is unwound, and join finds no result.")
        .source(
            "heddle/subject.h, HEDDLE_ABSENT; "
            "impl/README.md, Where it departs from Rust, and why",
            "From the subject, join only: the thread ended without a result (pthread_exit in its "
            "body).")
        .needs({Feature::spawn, Feature::join})
        .example([] {
          const Closure body = closure("body", exits);
          const Outcome joined = join(spawn(body));
          expect(joined.tag() == HEDDLE_ABSENT, "join finds that there is no result",
                 "join " + joined.describe());
          expect_dropped_on(body.captured(), body.ran_on());
        });

const auto joined_from_elsewhere =
    clause("JOIN-050")
        .must("A join handle can be moved to another thread, and joined there.")
        .source(
            "heddle/subject.h, rule 5; "
            "Rust documentation, std::thread::JoinHandle",
            "Unless its comment says otherwise, a function may be called by any thread (even one "
            "that the runtime did not start), from several threads at once, and from inside "
            "bodies, initialisers, the panic hook and `dropped`.")
        .needs({Feature::spawn, Feature::join})
        .example([] {
          const Value result = value("result");
          const JoinHandle thread = spawn([=] { return returns(result); });
          const bool carries_value = offers(subject(), Feature::thread_values);
          expect(join(spawn([=] {
                   expect(join(thread), carries_value ? returned(result) : returned());
                   return returns();
                 })),
                 returned());
        });

const auto unparks_do_not_end_join =
    clause("JOIN-331")
        .must("Unparks of the joining thread do not end a join early.")
        .source(
            "heddle/subject.h, heddle_spawning.join; "
            "Rust documentation, std::thread::JoinHandle::join",
            "Eats the join handle and waits for the thread.")
        .needs({Feature::spawn, Feature::join, Feature::park, Feature::thread_handle})
        .example([] {
          const ThreadHandle self = current_thread();
          const auto joiner = kernel_thread_id();
          const Signal may_end;
          const Signal has_joined;
          const Counter ended;
          const JoinHandle visitor = spawn([=] {
            constexpr int unparks = 3;
            for (int count = 0; count < unparks; ++count) {
              let_block(joiner);
              unpark(self);
            }
            static_cast<void>(is_seen_waiting(joiner, has_joined));
            may_end.set();
            return returns();
          });
          const JoinHandle thread = spawn([=] {
            may_end.wait();
            ended.add();
            return returns();
          });
          static_cast<void>(join(thread));
          has_joined.set();
          expect_equal(ended.get(), 1, "how many bodies have ended when join returns");
          expect(join(visitor), returned());
          drop(self);
        });

const auto join_leaves_the_token =
    clause("JOIN-052")
        .profile(everywhere, "join does not consume the joiner's parking token.")
        .source(sources_of_join)
        .needs({Feature::spawn, Feature::join, Feature::park, Feature::thread_handle})
        .example([] {
          const ThreadHandle self = current_thread();
          const auto joiner = kernel_thread_id();
          const JoinHandle thread = spawn([=] {
            let_block(joiner);
            return returns();
          });
          unpark(self);
          expect(join(thread), returned());
          park();  // hangs if the token is gone
          drop(self);
        });

const auto join_in_a_tls_destructor =
    clause("JOIN-053")
        .profile(everywhere, "A thread can be joined in the destructor of a thread local.")
        .source(
            "Rust documentation, std::thread::LocalKey; "
            "Rust 1.63, library/std/src/sys/unix/thread.rs: Thread::join")
        .needs({Feature::spawn, Feature::join, Feature::tls_lazy})
        .example([] {
          const HeldBody body;
          const JoinHandle other = spawn(body.closure());
          const Value last = value("thread local").when_dropped([=] {
            body.release();
            expect(join(other), returned());
            return returns();
          });
          initialise(lazy_slot(0), [=] { return returns(last); });
          expect(join(spawn([] { return touch(lazy_slot(0)), returns(); })), returned());
          expect_dropped(last);
        });

const auto join_while_unwinding =
    clause("JOIN-302")
        .profile(everywhere,
                 "A thread, even one that panicked, can be joined in a destructor that runs "
                 "during a panic.")
        .source(
            "Rust documentation, std::thread::JoinHandle::join; "
            "Rust documentation, std::ops::Drop")
        .needs({Feature::spawn, Feature::join, Feature::panic, Feature::thread_panics})
        .example([] {
          const Value local = value("local").when_dropped([] {
            const Value payload = value("the other's payload");
            expect(join(spawn([=] { return panics(payload); })), caught(payload));
            return returns();
          });
          const Value outer_payload = value("payload");
          const Closure below = closure("below", [=] { return panics(outer_payload); });
          expect(catch_unwind([=] { return enters(local, below); }), caught(outer_payload));
        });

}  // namespace
}  // namespace heddle::conformance
