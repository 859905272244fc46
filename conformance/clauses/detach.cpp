// Detaching: dropping a join handle, and what then becomes of the thread and its resources.
#include <pthread.h>

#include <cerrno>

#include "clauses/process_resources.hpp"
#include "stage/held_body.hpp"
#include "stage/stage.hpp"

namespace heddle::conformance {
namespace {

const auto detach_does_not_wait =
    clause("SPAWN-056")
        .must("Dropping a join handle does not wait for the thread, which runs on.")
        .source(
            "heddle/subject.h, heddle_spawning.detach; "
            "Rust documentation, std::thread::JoinHandle",
            "Eats the join handle as its destructor does: the thread runs on.")
        .needs({Feature::spawn, Feature::detach})
        .example([] {
          const Signal handle_gone;
          const Signal ran_on;
          detach(spawn([=] {
            handle_gone.wait();
            ran_on.set();
            return returns();
          }));
          handle_gone.set();
          ran_on.wait();
        });

const auto detached_thread_ends_in_order =
    clause("SPAWN-057")
        .must("A detached thread runs to its end, and then its thread locals are destroyed.")
        .source(
            "Rust documentation, std::thread; "
            "heddle/subject.h, heddle_spawning.detach; "
            "heddle/subject.h, HEDDLE_STORAGE_LAZY",
            "A thread-local key owns the value it contains and will destroy the value when the "
            "thread exits.")
        .needs({Feature::spawn, Feature::detach, Feature::tls_lazy})
        .example([] {
          const Signal touched;
          const Signal handle_gone;
          const Value last = value("thread local");
          initialise(lazy_slot(0), [=] { return returns(last); });
          const Closure body = closure("body", [=] {
            touch(lazy_slot(0));
            touched.set();
            handle_gone.wait();
            return returns();
          });
          detach(spawn(body));
          touched.wait();
          handle_gone.set();
          wait_for_the_end_of(body.ran_on());
          expect_dropped_on(last, body.ran_on());
          expect_order({ending(body), dropping(last)});
        });

const auto detached_stack_comes_back =
    clause("SPAWN-314")
        .must("A detached thread's resources are released when the thread ends.")
        .source(
            "ISO C++20, [thread.thread.member]; "
            "Rust documentation, std::thread::spawn; "
            "pthread_detach(3)",
            "When the thread previously represented by *this ends execution, the implementation "
            "releases any owned resources.")
        .needs({Feature::spawn, Feature::detach, Feature::kernel_threads})
        .example([] {
          expect_resources_come_back([] {
            const HeldBody body;
            detach(spawn(body.closure()));
            body.run_until_gone();
          });
        });

const auto late_detach =
    clause("SPAWN-058")
        .profile(everywhere,
                 "Dropping the join handle of an ended thread releases the thread's resources.")
        .source(
            "Rust 1.63, library/std/src/sys/unix/thread.rs: Thread::drop; "
            "Rust 1.95, library/std/src/sys/thread/unix.rs: Thread::drop; "
            "POSIX.1-2017, pthread_detach")
        .needs({Feature::spawn, Feature::detach})
        .example([] {
          expect_resources_come_back([] {
            const HeldBody body;
            const JoinHandle thread = spawn(body.closure());
            body.run_until_gone();
            detach(thread);
          });
        });

const auto joined_stack_comes_back =
    clause("JOIN-054")
        .profile(everywhere, "A thread's resources are released when join returns.")
        .source(
            "Rust 1.63, library/std/src/thread/mod.rs: JoinInner::join; "
            "Rust 1.63, library/std/src/sys/unix/thread.rs: Thread::join; "
            "Rust 1.95, library/std/src/thread/lifecycle.rs: JoinInner::join; "
            "POSIX.1-2017, pthread_join")
        .needs({Feature::spawn, Feature::join})
        .example([] {
          expect_resources_come_back(
              [] { expect(join(spawn([] { return returns(); })), returned()); });
        });

const auto refused_detach = clause("SPAWN-059")
                                .profile(everywhere, "A detach that the system refuses is ignored.")
                                .source(
                                    "Rust 1.63, library/std/src/sys/unix/thread.rs: Thread::drop; "
                                    "Rust 1.95, library/std/src/sys/thread/unix.rs: Thread::drop; "
                                    "impl/README.md, What happens when a call fails")
                                .needs({Feature::spawn, Feature::detach})
                                .fault(fails(HEDDLE_INJECT_PTHREAD_DETACH, ESRCH))
                                .example([] {
                                  const HeldBody body;
                                  const JoinHandle thread = spawn(body.closure());
                                  armed([=] { detach(thread); });
                                  body.run_to_its_end();
                                });

const auto handle_of_a_detached_thread =
    clause("SPAWN-060")
        .must(
            "The thread handle of a detached thread can be unparked, even when the thread "
            "is gone.")
        .source(
            "heddle/subject.h, rule 4; "
            "heddle/subject.h, heddle_spawning.thread; "
            "Rust documentation, std::thread::Thread::unpark",
            "A handle that comes out is one reference, the suite's to give back.")
        .needs({Feature::spawn, Feature::detach, Feature::handle_thread, Feature::thread_handle,
                Feature::park})
        .example([] {
          const SharedNumber<pid_t> kernel_thread;
          const Signal told;
          const Signal woken;
          const Signal went_on;
          const JoinHandle thread = spawn([=] {
            kernel_thread.set(kernel_thread_id());
            told.set();
            while (!woken.is_set()) {  // a park may return for no reason
              park();
            }
            went_on.set();
            return returns();
          });
          const ThreadHandle handle = thread_of(thread);
          detach(thread);
          told.wait();
          let_block(kernel_thread.get());
          woken.set();
          unpark(handle);
          went_on.wait();
          let_end(kernel_thread.get());
          unpark(handle);
          drop(handle);
        });

const auto native_handle_is_the_callers =
    clause("SPAWN-061")
        .must(
            "Taking the native handle out of a join handle neither joins nor detaches the thread.")
        .source(
            "heddle/subject.h, heddle_spawning.into_native; "
            "Rust documentation, std::os::unix::thread::JoinHandleExt::into_pthread_t",
            "Eats the join handle. RETURNED: `value` is the pthread_t, now the suite's to join.")
        .needs({Feature::spawn, Feature::into_native})
        .example([] {
          const HeldBody body;
          const pthread_t native = into_native(spawn(body.closure()));  // hangs if it joins
          pthread_attr_t attributes{};
          int state = PTHREAD_CREATE_DETACHED;
          if (::pthread_getattr_np(native, &attributes) != 0) {
            internal_error("glibc does not know the attributes of a running thread");
          }
          // These two calls fail only for uninitialised attributes.
          static_cast<void>(::pthread_attr_getdetachstate(&attributes, &state));
          static_cast<void>(::pthread_attr_destroy(&attributes));
          expect(state == PTHREAD_CREATE_JOINABLE, "the thread can still be joined",
                 "it is detached");
          body.release();
          expect(::pthread_join(native, nullptr) == 0, "pthread_join takes the thread",
                 "it was refused");
          expect_equal(body.closure().runs(), 1, "how often the closure ran");
        });

}  // namespace
}  // namespace heddle::conformance
