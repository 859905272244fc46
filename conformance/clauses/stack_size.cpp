// Stack sizes: the default, the variable that replaces it, and the builder's setting.
//
// Sizes are what glibc says about the running thread. glibc may round by a page, so no size is
// compared exactly.
#include <dlfcn.h>
#include <fmt/format.h>
#include <limits.h>
#include <pthread.h>

#include <cerrno>
#include <limits>

#include "clauses/thread_stack.hpp"
#include "stage/memcheck.hpp"
#include "stage/stage.hpp"

namespace heddle::conformance {
namespace {

// Citations of more than one clause.
constexpr std::string_view builder_yields_a_result =
    "Unlike the spawn free function, this method yields an io::Result to capture any failure "
    "to create the thread at the OS level.";

constexpr std::uint64_t largest = std::numeric_limits<std::uint64_t>::max();

const auto default_size =
    clause("SPAWN-027")
        .profile(everywhere,
                 "A spawned thread has a stack of 2 MiB unless another size is requested.")
        .source(
            "Rust documentation, std::thread; "
            "Rust 1.63, library/std/src/sys/unix/thread.rs: DEFAULT_MIN_STACK_SIZE; "
            "Rust 1.95, library/std/src/sys/thread/unix.rs: DEFAULT_MIN_STACK_SIZE")
        .needs({Feature::stack_size, Feature::join})
        .example([] { expect_about(stack_of_thread().size, 2 * mebibyte, "the stack"); });

const auto variable_replaces_the_default =
    clause("SPAWN-028")
        .profile(everywhere, "RUST_MIN_STACK replaces the default, in decimal bytes.")
        .source(
            "Rust documentation, std::thread; "
            "Rust 1.63, library/std/src/sys_common/thread.rs: min_stack; "
            "Rust 1.95, library/std/src/thread/lifecycle.rs: spawn_unchecked",
            "Set the RUST_MIN_STACK environment variable to an integer representing the desired "
            "stack size (in bytes).")
        .needs({Feature::stack_size, Feature::join})
        .example([] {
          set_variable("1048576");
          expect_about(stack_of_thread().size, mebibyte, "the stack");
        });

const auto unreadable_variable =
    clause("SPAWN-312")
        .profile(everywhere, "A RUST_MIN_STACK that is not a decimal number is ignored.")
        .source(sources_of_min_stack)
        .needs({Feature::stack_size, Feature::join})
        .example([] {
          set_variable(" 1048576");
          expect_about(stack_of_thread().size, 2 * mebibyte, "the stack");
        });

const auto variable_is_read_once =
    clause("SPAWN-029")
        .profile(everywhere,
                 "RUST_MIN_STACK is read by the first spawn that needs it, and never again.")
        .source(sources_of_min_stack)
        .needs({Feature::stack_size, Feature::join})
        .example([] {
          set_variable("8388608");
          // Smaller than the next stacks, since glibc would otherwise hand this one out again.
          expect_about(stack_of_thread({.stack_size = mebibyte / 2}).size, mebibyte / 2,
                       "the stack of a thread that does not need it");
          set_variable("1048576");
          expect_about(stack_of_thread().size, mebibyte, "the first stack");
          set_variable("4194304");
          expect_about(stack_of_thread().size, mebibyte, "the second stack");
        });

const auto explicit_size_wins =
    clause("SPAWN-030")
        .profile(everywhere,
                 "A stack size that the builder is given counts, whatever the environment says.")
        .source(
            "Rust documentation, std::thread; "
            "Rust documentation, std::thread::Builder::stack_size",
            "Note that setting Builder::stack_size will override this.")
        .needs({Feature::stack_size, Feature::join})
        .example([] {
          set_variable("8388608");
          const std::uint64_t size = stack_of_thread({.stack_size = mebibyte}).size;
          expect(size < 4 * mebibyte, "a stack of 1 MiB", fmt::format("it has {} bytes", size));
        });

// Returns the system's minimum. Besides the fixed minimum, glibc has a private function that counts
// the process's thread locals.
std::uint64_t minimum_size() {
  using GetMinimum = std::size_t (*)(const pthread_attr_t*);
  const auto get_minimum =
      reinterpret_cast<GetMinimum>(::dlsym(RTLD_DEFAULT, "__pthread_get_minstack"));
  const pthread_attr_t attributes{};  // the function ignores it
  return get_minimum != nullptr ? get_minimum(&attributes)
                                : static_cast<std::uint64_t>(PTHREAD_STACK_MIN);
}

const auto small_sizes_are_raised =
    clause("SPAWN-031")
        .profile(everywhere, "A stack size below the system's minimum is raised to it.")
        .source(
            "Rust 1.63, library/std/src/sys/unix/thread.rs: Thread::new; "
            "Rust 1.95, library/std/src/sys/thread/unix.rs: Thread::new; "
            "Rust 1.63, library/std/src/sys/unix/thread.rs: min_stack_size; "
            "Rust 1.95, library/std/src/sys/thread/unix.rs: min_stack_size")
        .needs({Feature::stack_size, Feature::join})
        .example([] {
          const std::uint64_t minimum = minimum_size();
          for (const std::uint64_t size : {std::uint64_t{0}, std::uint64_t{1}, 16 * kibibyte}) {
            const std::uint64_t actual = stack_of_thread({.stack_size = size}).size;
            expect(actual + page_size() >= minimum && is_at_most(actual, minimum + 256 * kibibyte),
                   fmt::format("a stack of the minimum, {} bytes", minimum),
                   fmt::format("it has {}", actual));
          }
        });

const auto size_is_usable =
    clause("SPAWN-032")
        .should("A thread's stack is at most one page smaller than requested.")
        .source("Rust documentation, std::thread::Builder::stack_size",
                "Sets the size of the stack (in bytes) for the new thread.")
        .needs({Feature::stack_size, Feature::join})
        .example([] {
          for (const std::uint64_t size : {std::uint64_t{100'001}, 256 * kibibyte, 3 * mebibyte}) {
            const std::uint64_t actual = stack_of_thread({.stack_size = size}).size;
            expect(actual + page_size() >= size, fmt::format("a stack of {} bytes", size),
                   fmt::format("it has {}", actual));
          }
        });

const auto rounds_up_once =
    clause("SPAWN-033")
        .profile(everywhere,
                 "A stack size that the system calls invalid is tried again, rounded up to a page.")
        .source(
            "Rust 1.63, library/std/src/sys/unix/thread.rs: Thread::new; "
            "Rust 1.95, library/std/src/sys/thread/unix.rs: Thread::new; "
            "pthread_attr_setstacksize(3)")
        .needs({Feature::stack_size, Feature::join})
        .fault(fails(HEDDLE_INJECT_PTHREAD_ATTR_SETSTACKSIZE, EINVAL))
        .example([] {
          const Counter size;
          const Closure body = closure("body", [=] {
            size.set(own_stack().size);
            return returns();
          });
          expect(join(armed([=] { return spawn(body, {.stack_size = 100'001}); })), returned());
          expect_about(size.get(), 100 * kibibyte, "the stack");
        });

// Has the system refuse a stack size by the clause's fault. The closure must not run, and must have
// been dropped `drops` times when spawn ends.
Outcome spawn_with_refused_size(std::uint64_t drops) {
  const Closure body = closure("body", nothing_to_do);
  const Outcome spawned = armed([=] { return try_spawn(body, {.stack_size = 100'001}); });
  expect_equal(body.captured().drops(), drops, "how often the closure was dropped");
  expect_equal(body.runs(), 0, "how often the closure ran");
  return spawned;
}

const auto second_refusal_of_the_size =
    clause("SPAWN-034")
        .profile({"rust-1.91..", "heddle"},
                 "When the system calls a stack size invalid twice, spawn returns an error and "
                 "drops the closure once.")
        .source(
            "Rust 1.95, library/std/src/sys/thread/unix.rs: Thread::new; "
            "rust-lang/rust#144210; "
            "impl/README.md, What happens when a call fails")
        .needs({Feature::stack_size})
        .fault(fails_first(HEDDLE_INJECT_PTHREAD_ATTR_SETSTACKSIZE, EINVAL, 2))
        .example([] { expect(spawn_with_refused_size(1), refused()); });

const auto second_refusal_of_the_size_panics =
    clause("SPAWN-327")
        .profile({"rust-1.63..1.90"},
                 "When the system calls a stack size invalid twice, spawn panics and leaks the "
                 "closure.")
        .source(
            "Rust 1.63, library/std/src/sys/unix/thread.rs: Thread::new; "
            "rust-lang/rust#144210")
        .needs({Feature::stack_size})
        .fault(fails_first(HEDDLE_INJECT_PTHREAD_ATTR_SETSTACKSIZE, EINVAL, 2))
        .leaks("the closure is leaked, as the sentence says")
        .example([] { expect(spawn_with_refused_size(0), panicked()); });

const auto other_refusal_of_the_size =
    clause("SPAWN-035")
        .profile({"heddle"},
                 "When the system refuses a stack size for another reason, spawn returns the error "
                 "and drops the closure once.")
        .source("impl/README.md, What happens when a call fails")
        .needs({Feature::stack_size})
        .fault(fails(HEDDLE_INJECT_PTHREAD_ATTR_SETSTACKSIZE, ENOMEM))
        .example([] { expect(spawn_with_refused_size(1), refused_with(ENOMEM)); });

const auto other_refusal_of_the_size_leaks =
    clause("SPAWN-328")
        .profile({"rust-1.63..1.91"},
                 "When the system refuses a stack size for another reason, spawn panics and leaks "
                 "the closure.")
        .source(
            "Rust 1.63, library/std/src/sys/unix/thread.rs: Thread::new; "
            "rust-lang/rust#148026")
        .needs({Feature::stack_size})
        .fault(fails(HEDDLE_INJECT_PTHREAD_ATTR_SETSTACKSIZE, ENOMEM))
        .leaks("the closure is leaked, as the sentence says")
        .example([] { expect(spawn_with_refused_size(0), panicked()); });

// Not asked of 1.92: which of the two it does has not been seen.
const auto other_refusal_of_the_size_panics =
    clause("SPAWN-329")
        .profile({"rust-1.93.."},
                 "When the system refuses a stack size for another reason, spawn panics and drops "
                 "the closure once.")
        .source(
            "Rust 1.95, library/std/src/sys/thread/unix.rs: Thread::new; "
            "rust-lang/rust#148026")
        .needs({Feature::stack_size})
        .fault(fails(HEDDLE_INJECT_PTHREAD_ATTR_SETSTACKSIZE, ENOMEM))
        .example([] { expect(spawn_with_refused_size(1), panicked()); });

// Expects that the thread runs, or that spawn returns an error and has dropped the closure. A panic
// or a death is a failure.
void spawn_or_refuse(std::uint64_t size) {
  const Closure body = closure("body", nothing_to_do);
  const Outcome spawned = try_spawn(body, {.stack_size = size});
  if (spawned.tag() == HEDDLE_RETURNED) {
    expect(join(handle_of(spawned)), returned());
    expect_equal(body.runs(), 1, "how often the closure ran");
    return;
  }
  expect(spawned, refusal());
  expect_dropped_on(body.captured(), here());
  expect_equal(body.runs(), 0, "how often the closure ran");
}

const auto huge_sizes_are_refused =
    clause("SPAWN-036")
        .must(
            "A stack size that no system can give does no harm: the thread runs on another stack, "
            "or spawn says that it is refused, and drops the closure on the caller.")
        .source(
            "Rust documentation, std::thread::Builder::spawn; "
            "heddle/subject.h, rule 3",
            builder_yields_a_result)
        .needs({Feature::stack_size, Feature::join})
        .example([] {
          spawn_or_refuse(std::uint64_t{1} << 47);
          spawn_or_refuse(largest);
        });

const auto variable_of_zero =
    clause("SPAWN-037")
        .profile(everywhere,
                 "A RUST_MIN_STACK of 0 gives the smallest stack that the system allows.")
        .source(
            "Rust 1.63, library/std/src/sys_common/thread.rs: min_stack; "
            "Rust 1.95, library/std/src/thread/lifecycle.rs: spawn_unchecked; "
            "Rust 1.63, library/std/src/sys/unix/thread.rs: min_stack_size; "
            "Rust 1.95, library/std/src/sys/thread/unix.rs: min_stack_size")
        .needs({Feature::stack_size, Feature::join})
        .example([] {
          set_variable("0");
          const std::uint64_t size = stack_of_thread().size;
          expect(is_at_most(size, 256 * kibibyte), "a stack of the minimum",
                 fmt::format("it has {} bytes", size));
        });

const auto variable_of_everything =
    clause("SPAWN-313")
        .profile(everywhere,
                 "A RUST_MIN_STACK as large as the address space makes spawn fail with EINVAL.")
        .source(
            "Rust 1.63, library/std/src/sys_common/thread.rs: min_stack; "
            "Rust 1.95, library/std/src/thread/lifecycle.rs: spawn_unchecked; "
            "Rust 1.63, library/std/src/sys/unix/thread.rs: Thread::new; "
            "Rust 1.95, library/std/src/sys/thread/unix.rs: Thread::new")
        .needs({Feature::stack_size})
        .example([] {
          set_variable("18446744073709551615");
          expect(try_spawn(nothing_to_do), refused_with(EINVAL));
          expect(try_spawn(nothing_to_do), refused_with(EINVAL));
        });

const auto guard_is_a_page =
    clause("SPAWN-038")
        .profile(everywhere, "The guard below the stack is the system's own, of one page.")
        .source(
            "Rust 1.63, library/std/src/sys/unix/thread.rs: Thread::new; "
            "Rust 1.95, library/std/src/sys/thread/unix.rs: Thread::new; "
            "POSIX.1-2017, pthread_attr_getguardsize")
        .needs({Feature::stack_size, Feature::join})
        .example(
            [] { expect_equal(stack_of_thread().guard, page_size(), "the size of the guard"); });

struct StackSize {
  std::uint64_t bytes;
};

std::string describe(const StackSize& size) {
  return fmt::format("spawn with a stack of {} bytes", size.bytes);
}

// Small sizes, sizes around powers of two, and any size. rapidcheck's ranges are complete only at
// its nominal size, which would make too many threads.
rc::Gen<std::vector<StackSize>> stack_sizes() {
  const auto small = rc::gen::inRange<std::uint64_t>(0, mebibyte);
  const auto around_a_power = rc::gen::apply(
      [](std::uint64_t bit, std::uint64_t offset) {
        return (std::uint64_t{1} << bit) + offset - 2;
      },
      rc::gen::inRange<std::uint64_t>(12, 64), rc::gen::inRange<std::uint64_t>(0, 5));
  const auto any = rc::gen::arbitrary<std::uint64_t>();
  const auto size = rc::gen::map(rc::gen::oneOf(small, around_a_power, any),
                                 [](std::uint64_t bytes) { return StackSize{bytes}; });
  constexpr int most_threads = 12;
  return rc::gen::resize(most_threads, rc::gen::container<std::vector<StackSize>>(
                                           rc::gen::resize(rc::kNominalSize, size)));
}

constexpr std::uint64_t most_that_memcheck_follows = 1024 * mebibyte;

const auto no_size_is_fatal =
    clause("SPAWN-302")
        .must("For every stack size, the thread runs or spawn returns an error.")
        .source(
            "Rust documentation, std::thread::Builder::spawn; "
            "Rust documentation, std::thread::Builder::stack_size",
            builder_yields_a_result)
        .needs({Feature::stack_size, Feature::join})
        .property<StackSize>(stack_sizes(), [](std::span<const StackSize> sizes) {
          for (const auto [bytes] : sizes) {
            if (bytes > most_that_memcheck_follows) {
              excuse_under_memcheck("looks through all memory, which takes minutes with this much");
            }
            spawn_or_refuse(bytes);
          }
        });

}  // namespace
}  // namespace heddle::conformance
