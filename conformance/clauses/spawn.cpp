// Spawning: what becomes of the closure, and what a thread takes over from its spawner.
#include <csignal>

#include "stage/stage.hpp"

namespace heddle::conformance {
namespace {

// Citations of more than one clause.
constexpr std::string_view captured_dies_with_the_body =
    "`env` is what the closure has captured: wrap it whole, move it with the closure to where "
    "the body runs, and drop it there when the body has ended, by return or by unwinding, "
    "inside the catch, thread, scope or access that ran it (as Rust's FnOnce does).";

const auto closure_runs_once_elsewhere =
    clause("SPAWN-001")
        .must("The closure runs exactly once, on a thread of its own.")
        .source(
            "heddle/subject.h, heddle_body; "
            "heddle/subject.h, heddle_spawning.spawn; "
            "Rust documentation, std::thread::spawn",
            "A body: a closure of the suite's, to be run once by the subject.")
        .needs({Feature::spawn, Feature::join})
        .example([] {
          const Closure body = closure("body", [] { return returns(); });
          expect(join(spawn(body)), returned());
          expect_equal(body.runs(), 1, "how often the closure ran");
          expect(body.ran_on() != here(), "the closure runs on a thread of its own",
                 "it ran on the thread that spawned it");
        });

const auto closure_is_moved =
    clause("SPAWN-002")
        .must("The closure is moved into its thread, and what it captured is not copied.")
        .source(
            "heddle/subject.h, heddle_body; "
            "Rust documentation, std::thread::spawn",
            captured_dies_with_the_body)
        .untested(
            "what a closure captured crosses the ABI as one number, whose address says nothing; a "
            "copy that dies as well is seen in every clause");

const auto teardown_order =
    clause("SPAWN-003")
        .profile(everywhere,
                 "When a thread that nobody will join ends, its locals die first, innermost first, "
                 "then what the closure captured, then its result, then its thread locals.")
        .source(
            "Rust 1.63, library/std/src/thread/mod.rs: Builder::spawn_unchecked_; "
            "Rust 1.63, library/std/src/thread/mod.rs: Packet::drop; "
            "Rust 1.95, library/std/src/thread/lifecycle.rs: spawn_unchecked; "
            "Rust 1.95, library/std/src/thread/lifecycle.rs: Packet::drop")
        .needs({Feature::spawn, Feature::detach, Feature::thread_values, Feature::tls_lazy})
        .example([] {
          const Signal handle_gone;
          const Signal last_drop;
          const Value outer = value("outer local");
          const Value inner = value("inner local");
          const Value result = value("result");
          const Value thread_local_value =
              value("thread local").when_dropped([=] { return last_drop.set(), returns(); });
          initialise(lazy_slot(0), [=] { return returns(thread_local_value); });
          const Closure innermost = closure("innermost frame", [=] {
            touch(lazy_slot(0));
            handle_gone.wait();
            return returns(result);
          });
          const Closure middle = closure("middle frame", [=] { return enters(inner, innermost); });
          const Closure body = closure("captured", [=] { return enters(outer, middle); });
          detach(spawn(body));
          handle_gone.set();
          last_drop.wait();
          expect_order({dropping(inner), dropping(outer), dropping(body.captured()),
                        dropping(result), dropping(thread_local_value)});
        });

const auto captured_dies_on_the_thread =
    clause("SPAWN-004")
        .must(
            "What the closure captured is dropped exactly once, on the closure's thread, "
            "even when the closure never used it.")
        .source(
            "heddle/subject.h, heddle_body; "
            "Rust documentation, std::ops::FnOnce",
            captured_dies_with_the_body)
        .needs({Feature::spawn, Feature::join})
        .example([] {
          const Closure body = closure("body", [] { return returns(); });
          expect(join(spawn(body)), returned());
          expect_dropped_on(body.captured(), body.ran_on());
        });

const auto captured_dies_when_the_body_panics =
    clause("SPAWN-303")
        .must(
            "What the closure captured is dropped exactly once, on the closure's thread, when the "
            "closure panics.")
        .source(
            "heddle/subject.h, heddle_body; "
            "Rust documentation, std::ops::FnOnce",
            captured_dies_with_the_body)
        .needs({Feature::spawn, Feature::join, Feature::thread_panics})
        .example([] {
          const Closure body = closure("body", [] { return panics("the body's panic"); });
          expect(join(spawn(body)), caught());
          expect_dropped_on(body.captured(), body.ran_on());
        });

const auto spawn_happens_before_the_closure =
    clause("SPAWN-005")
        .must("What happened before spawn is visible to the closure.")
        .source(
            "ISO C++20, [thread.thread.constr]; "
            "ISO C17, 7.26.5.1; "
            "POSIX.1-2017, XBD 4.12",
            "The completion of the invocation of the constructor synchronizes with the beginning "
            "of the invocation of the copy of f.")
        .needs({Feature::spawn, Feature::join, Feature::thread_sanitizer})
        .example([] {
          // Plain memory, and never freed: ThreadSanitizer judges the access in the closure.
          auto* const plain = new std::uint64_t(0);
          *plain = 7;
          const Closure body = closure("body", [=] {
            expect_equal(*plain, 7, "what was written before spawn");
            return returns();
          });
          expect(join(spawn(body)), returned());
        });

// The first thread spawns the second and ends, and so on; the last thread reports.
Closure link_of_chain(int links, Signal last_ran) {
  return closure("link", [=] {
    if (links == 1) {
      last_ran.set();
    } else {
      leave(spawn(link_of_chain(links - 1, last_ran)));
    }
    return returns();
  });
}

const auto thread_outlives_its_parent =
    clause("SPAWN-012")
        .must("A thread runs on when the thread that spawned it has ended.")
        .source(
            "Rust documentation, std::thread::Builder::spawn; "
            "Rust documentation, std::thread; "
            "heddle/subject.h, heddle_spawning.detach",
            "The spawned thread may outlive the caller (unless the caller thread is the main "
            "thread; the whole process is terminated when the main thread finishes).")
        .needs({Feature::spawn, Feature::join})
        .example([] {
          const Signal parent_gone;
          const Signal done;
          const Closure child = closure("child", [=] {
            parent_gone.wait();
            done.set();
            return returns();
          });
          expect(join(spawn([=] {
                   leave(spawn(child));
                   return returns();
                 })),
                 returned());
          parent_gone.set();
          done.wait();
          const Signal last_ran;
          constexpr int links = 64;
          leave(spawn(link_of_chain(links, last_ran)));
          last_ran.wait();
        });

const auto main_does_not_wait =
    clause("SPAWN-013")
        .profile(
            everywhere,
            "When main returns, the process ends, without waiting for other threads and without "
            "running their destructors.")
        .source("Rust documentation, std::thread",
                "When the main thread of a Rust program terminates, the entire program shuts down, "
                "even if other threads are still running.")
        .needs({Feature::spawn, Feature::tls_lazy})
        .exits_with(0)
        .example([] {
          const Signal never;
          const Signal touched;
          const auto must_not_die = [] {
            fail("a thread that still runs when main returns just stops",
                 "its destructors were run");
            return returns();
          };
          const Value thread_local_value = value("thread local").when_dropped(must_not_die);
          initialise(lazy_slot(0), [=] { return returns(thread_local_value); });
          const Closure body = closure("body", [=] {
            touch(lazy_slot(0));
            touched.set();
            never.wait();
            return returns();
          });
          leave(spawn(body));
          touched.wait();
        });

const auto spawn_leaves_the_token =
    clause("SPAWN-015")
        .profile(everywhere, "Spawning a thread does not consume the caller's parking token.")
        .source(
            "Rust 1.63, library/std/src/thread/mod.rs: Builder::spawn_unchecked_; "
            "Rust 1.95, library/std/src/thread/lifecycle.rs: spawn_unchecked")
        .needs({Feature::spawn, Feature::join, Feature::park, Feature::thread_handle})
        .example([] {
          const ThreadHandle self = current_thread();
          unpark(self);
          expect(join(spawn([] { return returns(); })), returned());
          park();  // hangs if the token is gone
          drop(self);
        });

const auto start_up_order =
    clause("SPAWN-016")
        .profile(everywhere,
                 "A thread sets itself up in a fixed order: signal stack, name, capture, guard, "
                 "thread information, and then the closure.")
        .source(
            "Rust 1.63, library/std/src/sys/unix/thread.rs: Thread::new; "
            "Rust 1.63, library/std/src/thread/mod.rs: Builder::spawn_unchecked_; "
            "Rust 1.95, library/std/src/sys/thread/unix.rs: Thread::new; "
            "Rust 1.95, library/std/src/thread/lifecycle.rs: ThreadInit::init")
        .untested("only the injector's log has the order of a thread's system calls");

const auto thread_information_is_set_once =
    clause("SPAWN-017")
        .profile(everywhere, "Setting a thread's information a second time aborts the process.")
        .source(
            "Rust 1.63, library/std/src/sys_common/thread_info.rs: set; "
            "Rust 1.95, library/std/src/thread/lifecycle.rs: ThreadInit::init")
        .needs({Feature::spawn, Feature::join, Feature::preset_thread_info})
        .dies_of(SIGABRT)
        .example([] {
          on_spawned_thread([] {
            expect_death();
            heddle_outcome raw{};
            subject().presets->set_thread_info(&raw);
          });
        });

}  // namespace
}  // namespace heddle::conformance
