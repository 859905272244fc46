// Signal stacks and handlers that are not the runtime's own, as a thread and the runtime end.
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>

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

}  // namespace
}  // namespace heddle::conformance
