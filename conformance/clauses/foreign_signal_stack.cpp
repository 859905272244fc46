// Signal stacks and handlers that are not the runtime's own, as a thread and the runtime end.

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <vector>

#include "clauses/main_stack.hpp"
#include "stage/stage.hpp"

namespace heddle::conformance {
namespace {

constexpr std::string_view departures = "impl/README.md, Where it departs from Rust, and why";

const auto stack_of_the_body_stays =
    clause("STACK-351")
        .profile(
            {"heddle"},
            "A signal stack that the body has set up is still there as the thread's locals are "
            "destroyed.")
        .source(departures)
        .needs({Feature::spawn, Feature::join, Feature::tls_lazy, Feature::overflow_report})
        .example([] {
          start_runtime();
          static std::array<char, 65'536> own;
          const Value last = value("thread local").when_dropped([] {
            expect(signal_stack() && signal_stack()->ss_sp == own.data(),
                   "the thread keeps the signal stack that its body has set up",
                   "it has another one, or none");
            return returns();
          });
          starts_as(lazy_slot(0), last);
          on_spawned_thread([] {
            touch(lazy_slot(0));
            set_signal_stack(own.data(), own.size());
          });
          expect_dropped(last);
        });

std::uint64_t address_of_signal_stack() {
  const auto stack = signal_stack();
  return stack ? reinterpret_cast<std::uintptr_t>(stack->ss_sp) : 0;
}

const auto stack_in_use_is_not_given_on =
    clause("STACK-352")
        .profile({"heddle"},
                 "A signal stack that the system does not let go of is no other thread's.")
        .source("impl/README.md, What happens when a call fails")
        .needs({Feature::spawn, Feature::join, Feature::overflow_report})
        .fault(fails(HEDDLE_INJECT_SIGALTSTACK, EPERM))
        .example([] {
          start_runtime();
          const Counter first;
          const Signal runs;
          const Signal may_end;
          const JoinHandle thread = spawn([=] {
            first.set(address_of_signal_stack());
            runs.set();
            may_end.wait();
            return returns();
          });
          runs.wait();
          const Outcome joined = armed([=] {
            may_end.set();
            return join(thread);
          });
          expect(joined, returned());
          const Counter next;
          on_spawned_thread([=] { next.set(address_of_signal_stack()); });
          expect(first.get() != 0 && next.get() != first.get(),
                 "the next thread has another signal stack than the one that stays in use",
                 "it has the same one");
        });

void ignore(int /*signal*/) {}

const auto handlers_of_others_stay =
    clause("STACK-353")
        .profile({"heddle"},
                 "cleanup takes away the runtime's handlers, and leaves one that has replaced "
                 "them.")
        .source(departures)
        .needs({Feature::overflow_report, Feature::start, Feature::cleanup})
        .example([] {
          start_runtime();
          excuse_under_thread_sanitizer("puts a handler of its own before every other");
          static_cast<void>(::signal(SIGBUS, ignore));  // cannot fail: the signal can be handled
          cleanup_runtime();
          expect(action_of(SIGBUS).handler == ignore, "SIGBUS keeps its new handler",
                 "it has another one");
          expect(action_of(SIGSEGV).handler == SIG_DFL, "SIGSEGV has its default action again",
                 "it still has a handler");
        });

const auto no_stacks_after_cleanup =
    clause("STACK-354")
        .profile({"heddle"}, "Threads that start after cleanup have no signal stack.")
        .source(departures)
        .needs({Feature::spawn, Feature::join, Feature::overflow_report, Feature::start,
                Feature::cleanup})
        .example([] {
          start_runtime();
          cleanup_runtime();
          on_spawned_thread(
              [] { expect(!signal_stack(), "a thread has no signal stack", "it has one"); });
          expect(!signal_stack(), "the main thread has no signal stack", "it has one");
        });

void ignore_with_facts(int /*signal*/, siginfo_t* /*info*/, void* /*context*/) {}

const auto handlers_of_the_other_form_stay =
    clause("STACK-395")
        .profile({"heddle"},
                 "cleanup leaves a handler that has replaced the runtime's and, like it, is told "
                 "of the fault.")
        .source(departures)
        .needs({Feature::overflow_report, Feature::start, Feature::cleanup})
        .example([] {
          start_runtime();
          excuse_under_thread_sanitizer("puts a handler of its own before every other");
          struct sigaction action {};
          action.sa_flags = SA_SIGINFO;
          action.sa_sigaction = ignore_with_facts;
          if (::sigaction(SIGBUS, &action, nullptr) != 0) {
            internal_error("the system takes no handler of SIGBUS");
          }
          const auto handler = action_of(SIGBUS).handler;
          cleanup_runtime();
          expect(action_of(SIGBUS).handler == handler, "SIGBUS keeps its new handler",
                 "it has another action");
        });

const auto main_overflow_on_a_foreign_stack =
    clause("STACK-396")
        .profile(everywhere,
                 "An overflow of the main thread is reported as well where the signal stack was "
                 "there before the runtime.")
        .source(
            "Rust 1.63, library/std/src/sys/unix/stack_overflow.rs: make_handler; "
            "Rust 1.95, library/std/src/sys/pal/unix/stack_overflow.rs: make_handler")
        .needs({Feature::overflow_report, Feature::start})
        .dies_of(SIGABRT, "thread 'main'")
        .example([] {
          need_limited_main_stack();
          need_unclaimed_signals();
          static std::array<char, 65'536> own;
          set_signal_stack(own.data(), own.size());
          start_runtime_beside();
          expect_death();
          overflow_stack();
        });

const auto guard_after_the_body =
    clause("STACK-397")
        .profile({"heddle"},
                 "As a thread's locals are destroyed, a fault in its guard is a plain fault, even "
                 "where the handler has a stack to run on.")
        .source("impl/README.md, A program that owns `main`")
        .needs({Feature::spawn, Feature::join, Feature::tls_lazy, Feature::overflow_report})
        .dies_of(SIGSEGV)
        .touches_wild_memory("the check writes to a page that nobody may touch")
        .example([] {
          start_runtime();
          starts_as(lazy_slot(0), value("thread local").when_dropped([] {
            const OwnStack stack = own_stack();
            expect_death();
            write_to(stack.lowest - 1);
            return returns();
          }));
          on_spawned_thread([] { touch(lazy_slot(0)); });
        });

// As many as the reference keeps, and some more.
constexpr std::uint64_t kept = 64;
constexpr std::uint64_t surplus = 6;

const auto surplus_is_unmapped_once =
    clause("STACK-398")
        .profile({"heddle"},
                 "Of the signal stacks that are out of use 64 are kept, and each further one is "
                 "unmapped by one call.")
        .source(departures)
        .needs({Feature::spawn, Feature::join, Feature::overflow_report, Feature::start})
        .fault(counted(HEDDLE_INJECT_MUNMAP))
        .example([] {
          start_runtime();
          const Barrier all_alive(kept + surplus + 1);
          const Signal may_end;
          std::vector<JoinHandle> threads;
          for (std::uint64_t number = 0; number < kept + surplus; ++number) {
            threads.push_back(spawn([=] {
              all_alive.wait();
              may_end.wait();
              return returns();
            }));
          }
          all_alive.wait();
          armed([&] {
            may_end.set();
            for (const JoinHandle thread : threads) {
              expect(join(thread), returned());
            }
          });
          expect_equal(calls_counted(0), surplus, "how often a signal stack was unmapped");
        });

}  // namespace
}  // namespace heddle::conformance
