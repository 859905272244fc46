// Threads whose signal stack the system refuses.
#include <cerrno>
#include <csignal>

#include "stage/stage.hpp"

namespace heddle::conformance {
namespace {

// Citations of more than one clause.
constexpr std::string_view sources_of_signal_stack =
    "Rust 1.63, library/std/src/sys/unix/stack_overflow.rs: get_stackp; "
    "Rust 1.95, library/std/src/sys/pal/unix/stack_overflow.rs: get_stack";

const auto mapping_refused_is_an_error =
    clause("STACK-311")
        .profile({"heddle"},
                 "When the system refuses the memory of a signal stack, spawn returns the error, "
                 "and the closure is dropped once, without having run.")
        .source("impl/README.md, What happens when a call fails")
        .needs({Feature::spawn, Feature::overflow_report})
        .fault(fails(HEDDLE_INJECT_MMAP, ENOMEM))
        .example([] {
          start_runtime();
          const Closure body = closure("body", [] { return returns(); });
          const Outcome spawned = armed([=] { return try_spawn(body); });
          need_fired_fault();
          expect(spawned, refused_with(ENOMEM));
          expect_dropped_on(body.captured(), here());
          expect_equal(body.runs(), 0, "how often the closure ran");
        });

const auto protection_refused_is_an_error =
    clause("STACK-321")
        .profile(
            {"heddle"},
            "When the system refuses the guard of a signal stack, spawn returns the error, and "
            "the closure is dropped once, without having run.")
        .source("impl/README.md, What happens when a call fails")
        .needs({Feature::spawn, Feature::overflow_report})
        .fault(fails(HEDDLE_INJECT_MPROTECT, EACCES))
        .example([] {
          start_runtime();
          const Closure body = closure("body", [] { return returns(); });
          const Outcome spawned = armed([=] { return try_spawn(body); });
          expect(spawned, refused_with(EACCES));
          expect_dropped_on(body.captured(), here());
          expect_equal(body.runs(), 0, "how often the closure ran");
        });

// The spawned thread ends the process, whatever its spawner does meanwhile.
void join_under_the_fault() {
  start_runtime();
  expect_death();
  armed([] { static_cast<void>(join(spawn([] { return returns(); }))); });
}

const auto mapping_refused_aborts =
    clause("STACK-312")
        .profile({"rust-1.63.."},
                 "When the system refuses the memory of a signal stack, the process aborts.")
        .source(sources_of_signal_stack)
        .needs({Feature::spawn, Feature::join, Feature::overflow_report})
        .dies_of(SIGABRT, "failed to allocate an alternative stack")
        .fault(fails(HEDDLE_INJECT_MMAP, ENOMEM))
        .example(join_under_the_fault);

const auto protection_refused_aborts =
    clause("STACK-322")
        .profile({"rust-1.63.."},
                 "When the system refuses the guard of a signal stack, the process aborts.")
        .source(sources_of_signal_stack)
        .needs({Feature::spawn, Feature::join, Feature::overflow_report})
        .dies_of(SIGABRT, "failed to set up alternative stack guard page")
        .fault(fails(HEDDLE_INJECT_MPROTECT, EACCES))
        .example(join_under_the_fault);

constexpr int all = 1000;  // more calls than the threads of a case make

const auto refused_signal_stack_is_no_harm =
    clause("STACK-313")
        .profile(everywhere, "A thread whose signal stack the system refuses runs all the same.")
        .source(
            "Rust 1.63, library/std/src/sys/unix/stack_overflow.rs: make_handler; "
            "Rust 1.95, library/std/src/sys/pal/unix/stack_overflow.rs: make_handler")
        .needs({Feature::spawn, Feature::join, Feature::overflow_report})
        .fault(fails_first(HEDDLE_INJECT_SIGALTSTACK, ENOMEM, all))
        .example([] {
          start_runtime();
          armed([] {
            const Closure body = closure("body", [] { return returns(); });
            expect(join(spawn(body)), returned());
            expect_equal(body.runs(), 1, "how often the closure ran");
          });
        });

// Starts a thread under the fault, and lets the thread overflow once the fault is disarmed: only
// then is the fault counted as fired.
void overflow_after_faulty_start() {
  const Signal began;
  const Signal may_go_on;
  const JoinHandle thread = armed([=] {
    const JoinHandle spawned = spawn([=] {
      began.set();
      may_go_on.wait();
      expect_death();
      overflow_stack();
      return returns();
    });
    began.wait();
    return spawned;
  });
  need_fired_fault();
  may_go_on.set();
  static_cast<void>(join(thread));
}

const auto refused_signal_stack_means_no_report =
    clause("STACK-314")
        .profile(everywhere,
                 "A thread whose signal stack the system refuses overflows in a plain fault.")
        .source(
            "Rust 1.63, library/std/src/sys/unix/stack_overflow.rs: make_handler; "
            "Rust 1.95, library/std/src/sys/pal/unix/stack_overflow.rs: make_handler; "
            "sigaltstack(2)")
        .needs({Feature::spawn, Feature::join, Feature::overflow_report})
        .dies_of(SIGSEGV)
        .fault(fails_first(HEDDLE_INJECT_SIGALTSTACK, ENOMEM, all))
        .example([] {
          start_runtime();
          overflow_after_faulty_start();
        });

const auto unknown_stack_means_no_report =
    clause("STACK-315")
        .profile(everywhere,
                 "A thread whose stack libc does not know runs, and overflows in a plain fault.")
        .source(
            "Rust 1.63, library/std/src/sys/unix/thread.rs: guard::current; "
            "Rust 1.95, library/std/src/sys/pal/unix/stack_overflow.rs: current_guard; "
            "pthread_getattr_np(3)")
        .needs({Feature::spawn, Feature::join, Feature::overflow_report})
        .dies_of(SIGSEGV)
        .fault(fails_first(HEDDLE_INJECT_PTHREAD_GETATTR_NP, ENOMEM, all))
        .example([] {
          excuse_under_thread_sanitizer("needs to know each thread's stack itself");
          start_runtime();
          overflow_after_faulty_start();
        });

}  // namespace
}  // namespace heddle::conformance
