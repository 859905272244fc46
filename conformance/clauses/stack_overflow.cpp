// Stack overflows and other faults: what is reported, and what the process dies of.
//
// In each case the fault comes after expect_death(), so an earlier death does not count.

#include <csignal>

#include "clauses/main_stack.hpp"
#include "stage/held_body.hpp"
#include "stage/stage.hpp"
#include "stage/system_call.hpp"

namespace heddle::conformance {
namespace {

// Citations of more than one clause.
constexpr std::string_view sources_of_overflow_report =
    "Rust 1.63, library/std/src/sys/unix/stack_overflow.rs: signal_handler; "
    "Rust 1.95, library/std/src/sys/pal/unix/stack_overflow.rs: signal_handler";
constexpr std::string_view sources_of_plain_faults =
    "Rust 1.63, library/std/src/sys/unix/stack_overflow.rs: signal_handler; "
    "Rust 1.95, library/std/src/sys/pal/unix/stack_overflow.rs: signal_handler; "
    "signal(7)";

// Has a thread do something that must kill the process. If the process lives on, the case ends, and
// the clause fails.
void die_on_thread(std::function<void()> fault, const Settings& settings = {}) {
  const Closure body = closure("body", [fault = std::move(fault)] {
    expect_death();
    fault();
    return returns();
  });
  static_cast<void>(join(spawn(body, settings)));
}

const auto overflow_is_reported =
    clause("STACK-205")
        .profile(
            everywhere,
            "When a thread overflows its stack, standard error says so with the thread's name, "
            "and the process aborts.")
        .source(sources_of_overflow_report)
        .needs({Feature::spawn, Feature::join, Feature::names, Feature::overflow_report})
        .dies_of(SIGABRT, "thread 'weaver'")
        .example([] {
          start_runtime();
          die_on_thread(overflow_stack, {.name = "weaver"});
        });

const auto unnamed_overflow =
    clause("STACK-301")
        .profile(everywhere,
                 "The overflow of a thread without a name is reported as an unknown thread's.")
        .source(sources_of_overflow_report)
        .needs({Feature::spawn, Feature::join, Feature::overflow_report})
        .dies_of(SIGABRT, "thread '<unknown>'")
        .example([] {
          start_runtime();
          die_on_thread(overflow_stack);
        });

const auto words_of_the_report =
    clause("STACK-302")
        .profile({"rust-1.63..1.90", "heddle"},
                 "The report says of a named thread: thread 'NAME' has overflowed its stack.")
        .source(
            "Rust 1.63, library/std/src/sys/unix/stack_overflow.rs: signal_handler; "
            "rust-lang/rust#115746")
        .needs({Feature::spawn, Feature::join, Feature::names, Feature::overflow_report})
        .dies_of(SIGABRT, "\nthread 'weaver' has overflowed its stack\n")
        .example([] {
          start_runtime();
          die_on_thread(overflow_stack, {.name = "weaver"});
        });

const auto main_overflow =
    clause("STACK-206")
        .should("An overflow of the main thread's stack is reported, and the process aborts.")
        .source(
            "Rust 1.63, library/std/src/sys/unix/thread.rs: guard::init; "
            "Rust 1.95, library/std/src/sys/pal/unix/stack_overflow.rs: install_main_guard_linux; "
            "Rust 1.63, library/std/src/sys/unix/stack_overflow.rs: init; "
            "Rust 1.95, library/std/src/sys/pal/unix/stack_overflow.rs: init")
        .needs({Feature::overflow_report})
        .dies_of(SIGABRT, "thread 'main'")
        .example([] {
          need_limited_main_stack();
          start_runtime();
          expect_death();
          overflow_stack();
        });

const auto overflow_in_a_captures_drop =
    clause("STACK-207")
        .profile(everywhere, "An overflow in the drop of what the closure captured is reported.")
        .source(
            "Rust 1.63, library/std/src/sys/unix/thread.rs: Thread::new; "
            "Rust 1.95, library/std/src/sys/thread/unix.rs: Thread::new")
        .needs({Feature::spawn, Feature::join, Feature::names, Feature::overflow_report})
        .dies_of(SIGABRT, "thread 'weaver'")
        .example([] {
          start_runtime();
          const Closure body = closure("body", [] { return returns(); });
          static_cast<void>(body.captured().when_dropped([] {
            expect_death();
            overflow_stack();
            return returns();
          }));
          static_cast<void>(join(spawn(body, {.name = "weaver"})));
        });

const auto overflow_in_a_results_drop =
    clause("STACK-316")
        .profile(everywhere, "An overflow in the drop of a result that nobody claims is reported.")
        .source(
            "Rust 1.63, library/std/src/sys/unix/thread.rs: Thread::new; "
            "Rust 1.95, library/std/src/sys/thread/unix.rs: Thread::new; "
            "Rust 1.63, library/std/src/thread/mod.rs: Packet::drop; "
            "Rust 1.95, library/std/src/thread/lifecycle.rs: Packet::drop")
        .needs({Feature::spawn, Feature::detach, Feature::names, Feature::thread_values,
                Feature::overflow_report})
        .dies_of(SIGABRT, "thread 'weaver'")
        .example([] {
          start_runtime();
          const HeldBody body(returns(value("result").when_dropped([] {
            expect_death();
            overflow_stack();
            return returns();
          })));
          detach(spawn(body.closure(), {.name = "weaver"}));
          body.run_until_gone();
        });

const auto overflow_in_a_thread_locals_drop =
    clause("STACK-303")
        .profile(everywhere, "An overflow in the destructor of a thread local is a plain fault.")
        .source(
            "Rust 1.63, library/std/src/sys/unix/thread.rs: Thread::new; "
            "Rust 1.95, library/std/src/sys/thread/unix.rs: Thread::new; "
            "rust-lang/rust#111272")
        .needs({Feature::spawn, Feature::join, Feature::tls_lazy, Feature::overflow_report})
        .dies_of(SIGSEGV)
        .example([] {
          start_runtime();
          starts_as(lazy_slot(0), value("thread local").when_dropped([] {
            expect_death();
            overflow_stack();
            return returns();
          }));
          on_spawned_thread([] { touch(lazy_slot(0)); });
        });

const auto null_page =
    clause("STACK-208")
        .profile(everywhere,
                 "A fault that is no overflow kills the process as it would without the runtime.")
        .source(sources_of_plain_faults)
        .needs({Feature::spawn, Feature::join, Feature::overflow_report})
        .dies_of(SIGSEGV)
        .touches_wild_memory("the check writes to a page that nobody may touch")
        .example([] {
          start_runtime();
          die_on_thread([] { write_to(16); });
        });

const auto null_page_on_main =
    clause("STACK-304")
        .profile(everywhere,
                 "A fault of the main thread that is no overflow kills "
                 "the process as it would without the runtime.")
        .source(sources_of_plain_faults)
        .needs({Feature::overflow_report})
        .dies_of(SIGSEGV)
        .touches_wild_memory("the check writes to a page that nobody may touch")
        .example([] {
          start_runtime();
          expect_death();
          write_to(16);
        });

const auto guard_of_another_thread =
    clause("STACK-305")
        .profile(everywhere, "A fault in another thread's guard is no overflow.")
        .source(
            "Rust 1.63, library/std/src/sys/unix/stack_overflow.rs: signal_handler; "
            "Rust 1.95, library/std/src/sys/pal/unix/stack_overflow.rs: signal_handler; "
            "Rust 1.63, library/std/src/sys_common/thread_info.rs: stack_guard; "
            "Rust 1.95, library/std/src/sys/pal/unix/stack_overflow/thread_info.rs: "
            "with_current_info")
        .needs({Feature::spawn, Feature::join, Feature::overflow_report})
        .dies_of(SIGSEGV)
        .touches_wild_memory("the check writes to a page that nobody may touch")
        .example([] {
          start_runtime();
          const Counter below;
          const Signal known;
          const Signal never;
          spawn([=] {
            below.set(own_stack().lowest - 1);
            known.set();
            never.wait();
            return returns();
          });
          known.wait();
          die_on_thread([=] { write_to(below.get()); });
        });

const auto foreign_thread =
    clause("STACK-216")
        .profile(everywhere,
                 "An overflow on a thread that the runtime did not start is a plain fault.")
        .source(
            "Rust 1.63, library/std/src/sys/unix/stack_overflow.rs: make_handler; "
            "Rust 1.95, library/std/src/sys/pal/unix/stack_overflow.rs: make_handler; "
            "sigaltstack(2)")
        .needs({Feature::overflow_report})
        .dies_of(SIGSEGV)
        .example([] {
          start_runtime();
          on_foreign_thread([] {
            expect_death();
            overflow_stack();
          });
        });

void send_to_this_thread(int signal) {
  // Cannot fail: the signal and the thread exist.
  static_cast<void>(
      system_call(SYS_tgkill, system_call(SYS_getpid), system_call(SYS_gettid), signal));
}

const auto sent_signal =
    clause("STACK-210")
        .profile(everywhere,
                 "The process survives the first SIGSEGV that is sent to it; the second kills it.")
        .source(
            "Rust 1.63, library/std/src/sys/unix/stack_overflow.rs: signal_handler; "
            "Rust 1.95, library/std/src/sys/pal/unix/stack_overflow.rs: signal_handler; "
            "rust-lang/rust#140662")
        .needs({Feature::overflow_report})
        .dies_of(SIGSEGV)
        .example([] {
          start_runtime();
          send_to_this_thread(SIGSEGV);
          expect_death();
          send_to_this_thread(SIGSEGV);
        });

const auto large_frames = clause("STACK-217")
                              .must("Large frames do not step over the guard.")
                              .source("gcc(1)",
                                      "Thus, it prevents allocations from jumping over any stack "
                                      "guard page provided by the operating system.")
                              .untested(
                                  "the frames of a case are the suite's own, and its "
                                  "compiler's to probe");

const auto handler_is_signal_safe =
    clause("STACK-219")
        .should("The overflow's handler allocates nothing and waits for no lock.")
        .source(
            "signal-safety(7); "
            "rust-lang/rust#43146")
        .untested("no case can hold the allocator's lock at the right moment");

const auto exit_beside_main =
    clause("STACK-220")
        .profile({"rust-1.63.."},
                 "When another thread ends the process by exit, main loses its signal stack while "
                 "it runs.")
        .source(
            "Rust 1.63, library/std/src/sys/unix/stack_overflow.rs: cleanup; "
            "rust-lang/rust#161018")
        .untested("this is a defect, which no runtime should be asked to have");

}  // namespace
}  // namespace heddle::conformance
