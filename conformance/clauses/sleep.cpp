// Sleeping and yielding. A busy machine can only lengthen a sleep, so a sleep that was too short is
// proof.
#include <fmt/format.h>

#include <cerrno>
#include <csignal>
#include <limits>

#include "clauses/seen_waiting.hpp"
#include "stage/clock.hpp"
#include "stage/stage.hpp"
#include "stage/system_call.hpp"

namespace heddle::conformance {
namespace {

// Citations of more than one clause.
constexpr std::string_view sources_of_whole_sleeps =
    "heddle/subject.h, HEDDLE_SLEEPS_WHOLE; "
    "Rust documentation, std::thread::sleep; "
    "POSIX.1-2017, nanosleep";
constexpr std::string_view sources_of_sleep =
    "Rust 1.63, library/std/src/sys/unix/thread.rs: Thread::sleep; "
    "Rust 1.95, library/std/src/sys/thread/unix.rs: sleep";

// Long beside the delays of a busy machine, which may hide that a sleep ended early.
constexpr std::uint32_t a_short_time = 20'000'000;

void sleep_the_whole_short_time() {
  const std::uint64_t began = monotonic_nanoseconds();
  sleep(0, a_short_time);
  const std::uint64_t lasted = monotonic_nanoseconds() - began;
  expect(lasted >= a_short_time, fmt::format("sleep lasts {} ns at least", a_short_time),
         fmt::format("it lasted {} ns", lasted));
}

const auto not_too_short = clause("SPAWN-084")
                               .must("A sleep lasts as long as was asked, or longer.")
                               .source(sources_of_whole_sleeps,
                                       "A sleep lasts as long as was asked, whatever signals come.")
                               .needs({Feature::sleep, Feature::whole_sleeps})
                               .example([] {
                                 for (int repetition = 0; repetition < 3; ++repetition) {
                                   sleep_the_whole_short_time();
                                 }
                               });

const auto signals_do_not_shorten_it =
    clause("SPAWN-086")
        .must("Signals do not shorten a sleep.")
        .source(
            "heddle/subject.h, HEDDLE_SLEEPS_WHOLE; "
            "Rust documentation, std::thread::sleep",
            "A sleep lasts as long as was asked, whatever signals come.")
        .needs({Feature::sleep, Feature::spawn, Feature::join, Feature::whole_sleeps})
        .example([] {
          struct sigaction quiet {};
          quiet.sa_handler = [](int) {};
          if (::sigaction(SIGUSR1, &quiet, nullptr) != 0) {
            internal_error("the process takes no handler for SIGUSR1");
          }
          const Signal awake;
          const long process = system_call(SYS_getpid);
          const auto sleeper = kernel_thread_id();
          const JoinHandle storm = spawn([=] {
            constexpr int signals = 1000;  // some meet the sleep, even on a busy machine
            for (int signal = 0; signal < signals && !awake.is_set(); ++signal) {
              let_block(sleeper);
              system_call(SYS_tgkill, process, sleeper, SIGUSR1);  // the sleeper is alive
            }
            return returns();
          });
          sleep_the_whole_short_time();
          awake.set();
          expect(join(storm), returned());
        });

const auto enormous_times =
    clause("SPAWN-087")
        .should("A sleep of an enormous time neither panics nor returns.")
        .source(
            "Rust documentation, std::thread::sleep; "
            "rust-lang/rust#34330")
        .needs({Feature::sleep, Feature::spawn})
        .example([] {
          const SharedNumber<pid_t> kernel_thread;
          const Signal about_to_sleep;
          const Signal woken;
          leave(spawn([=] {
            kernel_thread.set(kernel_thread_id());
            about_to_sleep.set();
            sleep(std::numeric_limits<std::uint64_t>::max(), 999'999'999);
            woken.set();
            return returns();
          }));
          about_to_sleep.wait();
          // If the sleep returns at once, it has returned when the thread next blocks, or is gone.
          constexpr int looks = 10;
          for (int look = 0; look < looks; ++look) {
            let_block(kernel_thread.get());
            expect(!woken.is_set(), "the thread sleeps", "its sleep returned");
          }
        });

const auto interruptions_do_not_shorten_it =
    clause("SPAWN-321")
        .must("A sleep whose call is interrupted goes on for what is left of it.")
        .source(sources_of_whole_sleeps,
                "A sleep lasts as long as was asked, whatever signals come.")
        .needs({Feature::sleep, Feature::whole_sleeps})
        .fault(fails_first(HEDDLE_INJECT_NANOSLEEP, EINTR, 3))
        .fault(fails_first(HEDDLE_INJECT_CLOCK_NANOSLEEP, EINTR, 3))
        .example([] { armed(sleep_the_whole_short_time); });

void sleep_long_past_an_interruption() {
  const SharedNumber<pid_t> sleeper;
  const Signal about_to_sleep;
  const Signal woken;
  armed([=] {
    leave(spawn([=] {
      sleeper.set(kernel_thread_id());
      about_to_sleep.set();
      constexpr std::uint64_t longer_than_a_case = 1'000'000;
      sleep(longer_than_a_case, 0);
      woken.set();
      return returns();
    }));
    about_to_sleep.wait();
    expect(is_seen_waiting(sleeper.get(), woken), "the thread sleeps", "its sleep returned");
  });
}

void sleep_a_second_past_an_interruption() {
  constexpr std::uint64_t a_second = 1'000'000'000;
  const std::uint64_t began = monotonic_nanoseconds();
  armed([] { sleep(1, 1); });
  const std::uint64_t lasted = monotonic_nanoseconds() - began;
  expect(lasted > a_second, "sleep lasts more than a second",
         fmt::format("it lasted {} ns", lasted));
}

const auto seconds_are_not_lost =
    clause("SPAWN-394")
        .must("A sleep of seconds whose call is interrupted goes on for what is left of them.")
        .source(sources_of_whole_sleeps,
                "A sleep lasts as long as was asked, whatever signals come.")
        .needs({Feature::sleep, Feature::spawn, Feature::whole_sleeps})
        .fault(fails(HEDDLE_INJECT_NANOSLEEP, EINTR))
        .fault(fails(HEDDLE_INJECT_CLOCK_NANOSLEEP, EINTR))
        .example([](std::uint32_t stride) {
          sleep_long_past_an_interruption();
          if (stride == 1) {  // a first look does not take a whole second
            sleep_a_second_past_an_interruption();
          }
        });

const auto refused_sleep_panics =
    clause("SPAWN-088")
        .profile({"rust-1.63.."},
                 "A sleep that the system refuses for a reason other than a signal panics.")
        .source(sources_of_sleep)
        .needs({Feature::sleep, Feature::panic})
        .fault(fails(HEDDLE_INJECT_NANOSLEEP, EINVAL))
        .fault(fails(HEDDLE_INJECT_CLOCK_NANOSLEEP, EINVAL))
        .example([] { expect(armed([] { return try_sleep(0, a_short_time); }), panicked()); });

const auto refused_sleep_is_fatal =
    clause("SPAWN-322")
        .profile({"heddle"},
                 "A sleep that the system refuses for a reason other than a signal ends the "
                 "process; the message names the call.")
        .source("impl/README.md, What happens when a call fails")
        .needs({Feature::sleep})
        .dies_of(SIGABRT, "nanosleep: Invalid argument")
        .fault(fails(HEDDLE_INJECT_NANOSLEEP, EINVAL))
        .fault(fails(HEDDLE_INJECT_CLOCK_NANOSLEEP, EINVAL))
        .example([] {
          expect_death();
          armed([] { sleep(0, a_short_time); });
        });

const auto refused_yield =
    clause("SPAWN-323")
        .profile(everywhere, "A refused yield is ignored.")
        .source(
            "Rust 1.63, library/std/src/sys/unix/thread.rs: Thread::yield_now; "
            "Rust 1.95, library/std/src/sys/thread/unix.rs: yield_now; "
            "impl/README.md, What happens when a call fails")
        .needs({Feature::yield})
        .fault(fails(HEDDLE_INJECT_SCHED_YIELD, ENOSYS))
        .example([] { armed([] { yield(); }); });

const auto call_of_sleep =
    clause("SPAWN-089")
        .profile(everywhere, "sleep is nanosleep in 1.63, and clock_nanosleep in 1.95.")
        .source(sources_of_sleep)
        .untested("only the injector's log shows which of the two calls was made");

const auto sleep_and_tokens =
    clause("SPAWN-090")
        .must("A sleep lasts through unparks, and leaves the token in place.")
        .source(
            "Rust documentation, std::thread::sleep; "
            "Rust documentation, std::thread::park; "
            "heddle/subject.h, HEDDLE_SLEEPS_WHOLE",
            "The thread may sleep longer than the duration specified due to scheduling specifics "
            "or platform-dependent functionality. It will never sleep less.")
        .needs({Feature::sleep, Feature::spawn, Feature::join, Feature::park,
                Feature::thread_handle, Feature::whole_sleeps})
        .example([] {
          const ThreadHandle self = current_thread();
          unpark(self);
          sleep_the_whole_short_time();
          park();  // hangs if the token is gone

          const auto sleeper = kernel_thread_id();
          const JoinHandle waker = spawn([=] {
            let_block(sleeper);
            unpark(self);
            return returns();
          });
          sleep_the_whole_short_time();
          expect(join(waker), returned());
          park();
          drop(self);
        });

const auto yield_and_tokens =
    clause("SPAWN-091")
        .profile(everywhere, "Yielding returns, and does not consume the parking token.")
        .source(
            "Rust 1.63, library/std/src/sys/unix/thread.rs: Thread::yield_now; "
            "Rust 1.95, library/std/src/sys/thread/unix.rs: yield_now")
        .needs({Feature::yield, Feature::park, Feature::thread_handle})
        .example([] {
          const ThreadHandle self = current_thread();
          unpark(self);
          yield();
          park();  // hangs if the token is gone
          drop(self);
        });

}  // namespace
}  // namespace heddle::conformance
