// Signal handlers and the stacks that they run on: which signals and threads get them, and which
// are left alone.
#include <fmt/format.h>
#include <sys/auxv.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdint>
#include <fstream>
#include <string>

#include "stage/stage.hpp"

namespace heddle::conformance {
namespace {

// Citations of more than one clause.
constexpr std::string_view sources_of_handlers =
    "Rust 1.63, library/std/src/sys/unix/stack_overflow.rs: init; "
    "Rust 1.95, library/std/src/sys/pal/unix/stack_overflow.rs: init";

void expect_signal_stack(std::string_view where) {
  expect(signal_stack().has_value(), fmt::format("{} has a signal stack", where), "it has none");
}

void expect_no_signal_stack(std::string_view where) {
  expect(!signal_stack().has_value(), fmt::format("{} has no signal stack", where), "it has one");
}

const auto every_thread_has_one =
    clause("STACK-308")
        .profile(everywhere,
                 "A thread has a signal stack while its body runs, and while what it captured is "
                 "dropped.")
        .source(
            "Rust 1.63, library/std/src/sys/unix/thread.rs: Thread::new; "
            "Rust 1.95, library/std/src/sys/thread/unix.rs: Thread::new; "
            "Rust 1.63, library/std/src/sys/unix/stack_overflow.rs: make_handler; "
            "Rust 1.95, library/std/src/sys/pal/unix/stack_overflow.rs: make_handler")
        .needs({Feature::spawn, Feature::join, Feature::overflow_report})
        .example([] {
          start_runtime();
          const Closure body = closure("body", [] {
            expect_signal_stack("the body");
            return returns();
          });
          static_cast<void>(body.captured().when_dropped([] {
            expect_signal_stack("the drop of what the closure captured");
            return returns();
          }));
          expect(join(spawn(body)), returned());
        });

const auto every_thread_has_its_own =
    clause("STACK-323")
        .profile(everywhere,
                 "Threads that run at the same time have a signal stack each, even after other "
                 "threads have released theirs.")
        .source(
            "Rust 1.63, library/std/src/sys/unix/stack_overflow.rs: make_handler; "
            "Rust 1.95, library/std/src/sys/pal/unix/stack_overflow.rs: make_handler; "
            "sigaltstack(2)")
        .needs({Feature::spawn, Feature::join, Feature::overflow_report})
        .example([] {
          start_runtime();
          on_spawned_thread([] {});
          const Barrier both_have_one(2);
          const std::array<Counter, 2> lowest;
          const auto look = [=](const Counter& address) {
            return closure("body", [=] {
              expect_signal_stack("the thread");
              address.set(reinterpret_cast<std::uintptr_t>(signal_stack()->ss_sp));
              both_have_one.wait();
              return returns();
            });
          };
          const JoinHandle one = spawn(look(lowest[0]));
          const JoinHandle other = spawn(look(lowest[1]));
          expect(join(one), returned());
          expect(join(other), returned());
          expect(lowest[0].get() != lowest[1].get(), "the two signal stacks differ",
                 "they are the same memory");
        });

const auto it_is_large_enough =
    clause("STACK-212")
        .profile({"rust-1.78..", "heddle"},
                 "A thread's signal stack is at least as large as the kernel needs to save the "
                 "registers.")
        .source(
            "Rust 1.95, library/std/src/sys/pal/unix/stack_overflow.rs: sigstack_size; "
            "rust-lang/rust#113525")
        .needs({Feature::spawn, Feature::join, Feature::overflow_report})
        .example([] {
          start_runtime();
          on_spawned_thread([] {
            expect_signal_stack("the thread");
            const std::size_t size = signal_stack()->ss_size;
            const unsigned long least = ::getauxval(AT_MINSIGSTKSZ);
            expect(size >= least, fmt::format("it has at least {} bytes", least),
                   fmt::format("it has {}", size));
          });
        });

// Returns the permissions of the memory at that address, such as "rw-p"; nothing if no memory is
// mapped there.
std::string permissions_at(std::uintptr_t address) {
  std::ifstream maps("/proc/self/maps");
  std::uintptr_t begin = 0;
  std::uintptr_t end = 0;
  char dash = 0;
  std::string permissions;
  std::string rest;
  while (maps >> std::hex >> begin >> dash >> end >> permissions && std::getline(maps, rest)) {
    if (begin <= address && address < end) {
      return permissions;
    }
  }
  return {};
}

const auto it_has_a_guard =
    clause("STACK-309")
        .profile(everywhere, "The page below a thread's signal stack is inaccessible.")
        .source(
            "Rust 1.63, library/std/src/sys/unix/stack_overflow.rs: get_stackp; "
            "Rust 1.95, library/std/src/sys/pal/unix/stack_overflow.rs: get_stack")
        .needs({Feature::spawn, Feature::join, Feature::overflow_report})
        .example([] {
          start_runtime();
          on_spawned_thread([] {
            expect_signal_stack("the thread");
            const auto lowest = reinterpret_cast<std::uintptr_t>(signal_stack()->ss_sp);
            expect_equal(permissions_at(lowest).substr(0, 2), "rw", "the access to the stack");
            expect_equal(permissions_at(lowest - 1).substr(0, 3), "---",
                         "the access to the page below");
          });
        });

const auto gone_before_thread_locals =
    clause("STACK-215")
        .profile(everywhere,
                 "A thread's signal stack is gone when its thread locals are destroyed.")
        .source(
            "Rust 1.63, library/std/src/sys/unix/thread.rs: Thread::new; "
            "Rust 1.95, library/std/src/sys/thread/unix.rs: Thread::new")
        .needs({Feature::spawn, Feature::join, Feature::tls_lazy, Feature::overflow_report})
        .example([] {
          start_runtime();
          const Value last = value("thread local").when_dropped([] {
            expect_no_signal_stack("the destructor of a thread local");
            return returns();
          });
          starts_as(lazy_slot(0), last);
          on_spawned_thread([] {
            touch(lazy_slot(0));
            expect_signal_stack("the body");
          });
          expect_dropped(last);
        });

const auto mappings_do_not_grow =
    clause("STACK-214")
        .profile(everywhere, "Threads that have ended leave no signal stacks behind.")
        .source(
            "Rust 1.63, library/std/src/sys/unix/stack_overflow.rs: drop_handler; "
            "Rust 1.95, library/std/src/sys/pal/unix/stack_overflow.rs: drop_handler; "
            "rust-lang/rust#31684")
        .needs({Feature::spawn, Feature::join, Feature::overflow_report})
        .example([] {
          start_runtime();
          constexpr std::uint64_t threads = 200;
          const auto nothing = [] {};
          on_spawned_thread(nothing);
          const std::uint64_t before = count_mappings();
          for (std::uint64_t thread = 0; thread < threads; ++thread) {
            on_spawned_thread(nothing);
          }
          // The bound is half of what leaking all of them would amount to, and far above what the
          // system itself keeps.
          const std::uint64_t after = count_mappings();
          expect(after < before + threads / 2,
                 fmt::format("the signal stacks of {} threads come back", threads),
                 fmt::format("the process has {} more mappings", after - before));
        });

void ignore(int /*signal*/) {}

const auto handlers_stay =
    clause("STACK-211")
        .profile(everywhere,
                 "A handler that was installed before the runtime starts stays, and an ignored "
                 "signal stays ignored; then no thread gets a signal stack.")
        .source(
            "Rust 1.63, library/std/src/sys/unix/stack_overflow.rs: init; "
            "Rust 1.95, library/std/src/sys/pal/unix/stack_overflow.rs: init; "
            "rust-lang/rust#69685")
        .needs({Feature::spawn, Feature::join, Feature::overflow_report, Feature::start})
        .example([] {
          need_unclaimed_signals();
          excuse_under_thread_sanitizer("puts a handler of its own before every other");
          static_cast<void>(::signal(SIGSEGV, ignore));  // cannot fail: both signals can be handled
          static_cast<void>(::signal(SIGBUS, SIG_IGN));
          start_runtime_beside();
          expect(action_of(SIGSEGV).handler == ignore, "SIGSEGV keeps its handler",
                 "it has another one");
          expect(action_of(SIGBUS).handler == SIG_IGN, "SIGBUS is still ignored",
                 "it has a handler");
          on_spawned_thread([] { expect_no_signal_stack("a thread"); });
        });

const auto both_signals_are_handled =
    clause("STACK-324")
        .profile(everywhere,
                 "SIGSEGV and SIGBUS both get a handler, which runs on the signal stack.")
        .source(sources_of_handlers)
        .needs({Feature::overflow_report})
        .example([] {
          start_runtime();
          for (const int signal : {SIGSEGV, SIGBUS}) {
            const KernelAction action = action_of(signal);
            expect(action.handler != SIG_DFL && action.handler != SIG_IGN,
                   fmt::format("signal {} has a handler", signal), "it has none");
            expect((action.flags & SA_ONSTACK) != 0,
                   fmt::format("the handler of signal {} runs on the signal stack", signal));
          }
        });

const auto signals_are_apart =
    clause("STACK-310")
        .profile(everywhere, "SIGSEGV gets its handler even if SIGBUS already has another one.")
        .source(sources_of_handlers)
        .needs({Feature::spawn, Feature::join, Feature::overflow_report, Feature::start})
        .dies_of(SIGABRT, "thread 'weaver'")
        .example([] {
          need_unclaimed_signals();
          excuse_under_thread_sanitizer("puts a handler of its own before every other");
          static_cast<void>(::signal(SIGBUS, ignore));  // cannot fail: the signal can be handled
          start_runtime_beside();
          expect(action_of(SIGBUS).handler == ignore, "SIGBUS keeps its handler",
                 "it has another one");
          const Closure body = closure("body", [] {
            expect_death();
            overflow_stack();
            return returns();
          });
          static_cast<void>(join(spawn(body, {.name = "weaver"})));
        });

const auto foreign_signal_stack_stays =
    clause("STACK-213")
        .profile(everywhere,
                 "A signal stack that the thread has already is neither replaced nor taken away.")
        .source(
            "Rust 1.63, library/std/src/sys/unix/stack_overflow.rs: make_handler; "
            "Rust 1.95, library/std/src/sys/pal/unix/stack_overflow.rs: make_handler")
        .needs({Feature::overflow_report, Feature::start})
        .example([] {
          need_unclaimed_signals();
          static std::array<char, 65'536> own;
          set_signal_stack(own.data(), own.size());
          start_runtime_beside();
          expect(signal_stack() && signal_stack()->ss_sp == own.data(),
                 "the signal stack is the one that was there before", "it is another one, or gone");
          if (subject().process->cleanup != nullptr) {
            cleanup_runtime();
            expect(signal_stack() && signal_stack()->ss_sp == own.data(),
                   "it is still there after cleanup", "it is another one, or gone");
          }
        });

}  // namespace
}  // namespace heddle::conformance
