// The position of a stack's guard, tested at its edges.
#include <sys/mman.h>
#include <sys/resource.h>

#include <cerrno>
#include <csignal>

#include "stage/stage.hpp"
#include "stage/system_call.hpp"

namespace heddle::conformance {
namespace {

// Citations of more than one clause.
constexpr std::string_view sources_of_guard =
    "Rust 1.63, library/std/src/sys/unix/thread.rs: guard::current; "
    "Rust 1.95, library/std/src/sys/pal/unix/stack_overflow.rs: current_guard";

// Writes to an address on a thread with the name that its report must have.
void die_on_a_thread_by_writing_to(std::uintptr_t (*place)(const OwnStack&)) {
  start_runtime();
  const Closure body = closure("body", [=] {
    const OwnStack stack = own_stack();
    expect_death();
    write_to(place(stack));
    return returns();
  });
  static_cast<void>(join(spawn(body, {.name = "weaver"})));
}

const auto just_below_the_stack =
    clause("STACK-209")
        .profile(everywhere,
                 "A write to the first byte below a thread's stack is reported as an overflow.")
        .source(sources_of_guard)
        .needs({Feature::spawn, Feature::join, Feature::names, Feature::overflow_report})
        .dies_of(SIGABRT, "thread 'weaver'")
        .touches_wild_memory("the check writes to a page that nobody may touch")
        .example([] {
          die_on_a_thread_by_writing_to([](const OwnStack& stack) { return stack.lowest - 1; });
        });

const auto lowest_byte_of_the_guard =
    clause("STACK-325")
        .profile(everywhere,
                 "A write to the lowest byte of a thread's guard is reported as an overflow.")
        .source(sources_of_guard)
        .needs({Feature::spawn, Feature::join, Feature::names, Feature::overflow_report})
        .dies_of(SIGABRT, "thread 'weaver'")
        .touches_wild_memory("the check writes to a page that nobody may touch")
        .example([] {
          die_on_a_thread_by_writing_to(
              [](const OwnStack& stack) { return stack.lowest - stack.guard_size; });
        });

// That page belongs to the stack, far below what the thread uses, so the fault has to be provoked.
const auto above_the_range =
    clause("STACK-326")
        .profile(everywhere,
                 "A fault at the first byte that lies one guard's size above the end of a thread's "
                 "stack is no overflow.")
        .source(
            "Rust 1.63, library/std/src/sys/unix/thread.rs: guard::current; "
            "Rust 1.95, library/std/src/sys/pal/unix/stack_overflow.rs: current_guard; "
            "Rust 1.63, library/std/src/sys/unix/stack_overflow.rs: signal_handler; "
            "Rust 1.95, library/std/src/sys/pal/unix/stack_overflow.rs: signal_handler")
        .needs({Feature::spawn, Feature::join, Feature::overflow_report})
        .dies_of(SIGSEGV)
        .touches_wild_memory("the check writes to a page that nobody may touch")
        .example([] {
          start_runtime();
          on_spawned_thread([] {
            const OwnStack stack = own_stack();
            const std::uintptr_t above = stack.lowest + stack.guard_size;
            if (system_call(SYS_mprotect, static_cast<long>(above), static_cast<long>(page_size()),
                            PROT_NONE) != 0) {
              internal_error("a page of the stack cannot be closed");
            }
            expect_death();
            write_to(above);
          });
        });

// Makes a page that surely faults when it is touched.
bool close_page(std::uintptr_t address) {
  const long answer =
      system_call(SYS_mmap, static_cast<long>(address), static_cast<long>(page_size()), PROT_NONE,
                  MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
  return answer == static_cast<long>(address);
}

// There may be memory in use below a guard. Then the next thread tries, further down.
void write_below_a_guard(int threads_left) {
  if (threads_left == 0) {
    excuse("there is memory in use below the guard of each thread");
  }
  on_spawned_thread([=] {
    const OwnStack stack = own_stack();
    const std::uintptr_t guard = stack.lowest - stack.guard_size;
    if (!close_page(guard - page_size())) {
      write_below_a_guard(threads_left - 1);
      return;
    }
    expect_death();
    write_to(guard - 1);
  });
}

const auto below_the_guard =
    clause("STACK-306")
        .profile(everywhere, "A write to the first byte below a thread's guard is no overflow.")
        .source(sources_of_guard)
        .needs({Feature::spawn, Feature::join, Feature::overflow_report})
        .dies_of(SIGSEGV)
        .touches_wild_memory("the check writes to a page that nobody may touch")
        .example([] {
          start_runtime();
          constexpr int threads = 16;
          write_below_a_guard(threads);
        });

const auto range_of_a_thread =
    clause("STACK-307")
        .profile(everywhere,
                 "A thread's guard reaches one guard's size to either side of where libc says that "
                 "the stack ends.")
        .source(
            "Rust 1.63, library/std/src/sys/unix/thread.rs: guard::current; "
            "Rust 1.95, library/std/src/sys/pal/unix/stack_overflow.rs: current_guard; "
            "rust-lang/rust#47863")
        .needs({Feature::spawn, Feature::join, Feature::guard_range})
        .example([] {
          start_runtime();
          on_spawned_thread([] {
            const auto guard = known_guard();
            const OwnStack stack = own_stack();
            expect(guard.has_value(), "the thread has a guard", "it has none");
            expect_equal(guard->begin, stack.lowest - stack.guard_size, "where the guard begins");
            expect_equal(guard->end, stack.lowest + stack.guard_size, "where the guard ends");
          });
        });

const auto range_of_main =
    clause("STACK-218")
        .profile(everywhere,
                 "The main thread's guard is one page, aligned, below the lowest page that the "
                 "limit leaves to the stack, even if the limit is not a whole number of pages.")
        .source(
            "Rust 1.63, library/std/src/sys/unix/thread.rs: guard::init; "
            "Rust 1.95, library/std/src/sys/pal/unix/stack_overflow.rs: install_main_guard_linux; "
            "rust-lang/rust#20853")
        .needs({Feature::guard_range, Feature::start})
        .example([] {
          rlimit limits{};
          static_cast<void>(::getrlimit(RLIMIT_STACK, &limits));  // fails only for a bad address
          constexpr rlim_t odd = 1'000'001;
          if (limits.rlim_max < odd) {
            excuse("the machine allows less stack than the clause sets up");
          }
          limits.rlim_cur = odd;
          if (::setrlimit(RLIMIT_STACK, &limits) != 0) {
            internal_error("the stack's limit cannot be lowered");
          }
          start_runtime();
          const auto guard = known_guard();
          expect(guard.has_value(), "the main thread has a guard", "it has none");
          expect_equal(guard->end - guard->begin, page_size(), "the guard's size");
          expect_equal(guard->end % page_size(), 0, "the guard's end, modulo the page");
          const std::uintptr_t lowest = own_stack().lowest;
          expect(lowest <= guard->end && guard->end < lowest + page_size(),
                 "the guard ends where the stack begins");
        });

const auto threads_without_guard =
    clause("STACK-370")
        .profile({"heddle"},
                 "No guard is known of a thread that the runtime did not start, and of main before "
                 "the runtime starts.")
        .source("Rust 1.63, library/std/src/sys_common/thread_info.rs: stack_guard")
        .needs({Feature::guard_range, Feature::start})
        .example([] {
          expect(!known_guard(), "main has no guard before the start", "it has one");
          start_runtime();
          on_foreign_thread(
              [] { expect(!known_guard(), "the foreign thread has no guard", "it has one"); });
        });

const auto unknown_stack_of_main =
    clause("STACK-404")
        .profile({"heddle"}, "No guard of main is known if libc does not know its stack.")
        .source("impl/README.md, What happens when a call fails")
        .needs({Feature::guard_range, Feature::overflow_report, Feature::start})
        .fault(fails(HEDDLE_INJECT_PTHREAD_GETATTR_NP, ENOMEM))
        .example([] {
          excuse_under_thread_sanitizer("needs to know each thread's stack itself");
          armed(start_runtime);
          expect(!known_guard(), "main has no guard", "it has one");
        });

void expect_no_guard_under_the_fault() {
  start_runtime();
  armed([] {
    on_spawned_thread([] { expect(!known_guard(), "the thread has no guard", "it has one"); });
  });
}

const auto unknown_stack_has_no_guard =
    clause("STACK-399")
        .profile({"heddle"}, "No guard is known of a thread whose stack libc does not know.")
        .source("impl/README.md, What happens when a call fails")
        .needs({Feature::spawn, Feature::join, Feature::guard_range, Feature::overflow_report})
        .fault(fails(HEDDLE_INJECT_PTHREAD_GETATTR_NP, ENOMEM))
        .example([] {
          excuse_under_thread_sanitizer("needs to know each thread's stack itself");
          expect_no_guard_under_the_fault();
        });

const auto no_guard_without_signal_stack =
    clause("STACK-400")
        .profile({"heddle"},
                 "No guard is known of a thread whose signal stack the system refuses: its "
                 "overflow will not be reported.")
        .source("impl/README.md, What happens when a call fails")
        .needs({Feature::spawn, Feature::join, Feature::guard_range, Feature::overflow_report})
        .fault(fails(HEDDLE_INJECT_SIGALTSTACK, ENOMEM, 2))
        .example(expect_no_guard_under_the_fault);

}  // namespace
}  // namespace heddle::conformance
