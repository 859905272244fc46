// The state of a kernel thread: what spawn leaves as it was in its caller, and what a new thread
// begins with.
#include <fmt/format.h>
#include <sched.h>
#include <sys/resource.h>

#include <array>
#include <cerrno>
#include <cfenv>
#include <csignal>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "stage/stage.hpp"
#include "stage/system_call.hpp"

namespace heddle::conformance {
namespace {

using Processors = std::array<std::uint64_t, 16>;

std::uint64_t blocked_signals() {
  std::uint64_t mask = 0;
  // Fails only for a bad address or a wrong size.
  static_cast<void>(
      system_call(SYS_rt_sigprocmask, SIG_BLOCK, 0, reinterpret_cast<long>(&mask), sizeof(mask)));
  return mask;
}

Processors allowed_processors() {
  Processors processors{};
  if (system_call(SYS_sched_getaffinity, 0, sizeof(processors),
                  reinterpret_cast<long>(processors.data())) < 0) {
    excuse("the machine has more processors than the check can count");
  }
  return processors;
}

// What the calling thread is, in words to compare, each with its name.
using State = std::vector<std::pair<std::string_view, std::string>>;

// What a new thread inherits from its creator.
State inherited_state() {
  const Processors processors = allowed_processors();
  std::string allowed;
  for (const std::uint64_t word : processors) {
    allowed += fmt::format("{:x} ", word);
  }
  return {{"the blocked signals", fmt::format("{:x}", blocked_signals())},
          {"the scheduling policy", fmt::format("{}", system_call(SYS_sched_getscheduler))},
          {"the nice value", fmt::format("{}", system_call(SYS_getpriority, PRIO_PROCESS))},
          {"the allowed processors", allowed},
          {"the rounding mode", fmt::format("{}", std::fegetround())}};
}

// All that a spawn should leave alone in its caller.
State whole_state() {
  State state = inherited_state();
  const auto stack = signal_stack();
  state.emplace_back("the signal stack",
                     stack ? fmt::format("{} bytes at {}", stack->ss_size, stack->ss_sp) : "none");
  std::string actions;
  for (int signal = 1; signal < NSIG; ++signal) {
    const KernelAction action = action_of(signal);
    actions +=
        fmt::format("{:x}/{:x} ", reinterpret_cast<std::uintptr_t>(action.handler), action.flags);
  }
  state.emplace_back("the signals' actions", actions);
  return state;
}

void expect_same(const State& actual, const State& expected, std::string_view when) {
  for (std::size_t index = 0; index < expected.size(); ++index) {
    expect_equal(actual[index].second, expected[index].second,
                 fmt::format("{} {}", expected[index].first, when));
  }
}

// Gives the calling thread a state that no thread has by default.
void become_unusual() {
  const auto need = [](long answer, std::string_view what) {
    if (answer < 0) {
      excuse(fmt::format("the kernel refuses the suite {}: errno {}", what, -answer));
    }
  };
  const std::uint64_t mask = UINT64_C(1) << (SIGUSR2 - 1);
  need(system_call(SYS_rt_sigprocmask, SIG_BLOCK, reinterpret_cast<long>(&mask), 0, sizeof(mask)),
       "a signal mask");
  need(std::signal(SIGUSR1, SIG_IGN) == SIG_ERR ? -EINVAL : 0, "to ignore a signal");
  const sched_param parameters{};
  need(system_call(SYS_sched_setscheduler, 0, SCHED_BATCH, reinterpret_cast<long>(&parameters)),
       "another scheduling policy");
  // The kernel answers 20 less the nice value, and takes a nicer one than the thread has.
  const long nice = 20 - system_call(SYS_getpriority, PRIO_PROCESS);
  need(system_call(SYS_setpriority, PRIO_PROCESS, 0, nice + 1), "another nice value");
  Processors processors = allowed_processors();
  bool found = false;
  for (std::uint64_t& word : processors) {
    word = found ? 0 : word & -word;  // the lowest bit alone
    found = found || word != 0;
  }
  need(system_call(SYS_sched_setaffinity, 0, sizeof(processors),
                   reinterpret_cast<long>(processors.data())),
       "a single processor");
  static std::array<char, 65536> stack;
  set_signal_stack(stack.data(), stack.size());
  if (std::fesetround(FE_UPWARD) != 0) {
    internal_error("the processor does not round upwards");
  }
}

// Spawns once, since the first spawn may prepare the process for threads. Another thread spawns, so
// that the calling one stays as it is.
void prepare_for_threads() {
  on_foreign_thread([] { on_spawned_thread([] {}); });
}

constexpr std::string_view sources_of_new_threads =
    "POSIX.1-2017, pthread_create; "
    "pthread_create(3); "
    "Rust 1.63, library/std/src/sys/unix/thread.rs: Thread::new; "
    "Rust 1.95, library/std/src/sys/thread/unix.rs: Thread::new";

const auto spawn_leaves_the_caller_alone =
    clause("SPAWN-337")
        .should(
            "Spawning and joining leave the caller's signals, signal stack, scheduling and "
            "rounding mode as they were.")
        .source(sources_of_new_threads)
        .needs({Feature::spawn, Feature::join})
        .example([] {
          prepare_for_threads();
          become_unusual();
          const State before = whole_state();
          const JoinHandle thread = spawn(nothing_to_do);
          expect_same(whole_state(), before, "after spawn");
          expect(join(thread), returned());
          expect_same(whole_state(), before, "after join");
        });

const auto refused_spawn_leaves_the_caller_alone =
    clause("SPAWN-338")
        .should(
            "A spawn that the system refuses leaves the caller's signals, signal stack, scheduling "
            "and rounding mode as they were.")
        .source(sources_of_new_threads)
        .needs({Feature::spawn, Feature::join, Feature::kernel_threads})
        .fault(fails(HEDDLE_INJECT_PTHREAD_CREATE, EAGAIN))
        .example([] {
          prepare_for_threads();
          become_unusual();
          const State before = whole_state();
          const Closure body = closure("body", nothing_to_do);
          const Outcome spawned = armed([=] { return try_spawn(body); });
          expect_same(whole_state(), before, "after the refused spawn");
          need_refusal(spawned, body);
        });

const auto thread_begins_as_its_creator_is =
    clause("SPAWN-339")
        .profile(everywhere,
                 "A thread begins with its creator's blocked signals, scheduling and rounding "
                 "mode.")
        .source(sources_of_new_threads)
        .needs({Feature::spawn, Feature::join})
        .example([] {
          become_unusual();
          const State creators = inherited_state();
          on_spawned_thread(
              [=] { expect_same(inherited_state(), creators, "as the thread begins"); });
        });

}  // namespace
}  // namespace heddle::conformance
