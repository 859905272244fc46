// Waits whose end is far away: beyond the next second, or after more seconds than 32 bits count.
//
// Nobody waits for such an end. A park is ended by an unpark, a sleeper is left asleep. What the
// checks see is a wait that fails, or that ends too early by the clock.
#include <fmt/format.h>

#include <array>
#include <csignal>
#include <cstdint>

#include "clauses/surplus_token.hpp"
#include "stage/clock.hpp"
#include "stage/stage.hpp"
#include "stage/system_call.hpp"

namespace heddle::conformance {
namespace {

struct Span {
  std::uint64_t seconds;
  std::uint32_t nanoseconds;
};

constexpr std::uint32_t most_nanoseconds = 999'999'999;

// Each crosses a second, wherever in a second it begins.
constexpr std::array<Span, 4> across_a_second = {
    {{0, most_nanoseconds}, {1, 0}, {1, most_nanoseconds}, {59, most_nanoseconds}}};

// Around what 31 and 32 bits count.
constexpr std::array<Span, 5> many_seconds = {{{(UINT64_C(1) << 31) - 1, most_nanoseconds},
                                               {UINT64_C(1) << 31, 0},
                                               {(UINT64_C(1) << 32) - 1, most_nanoseconds},
                                               {UINT64_C(1) << 32, 0},
                                               {UINT64_C(1) << 33, 1}}};

// Returns whether a time is over that began at this moment of monotonic_nanoseconds().
bool is_over(std::uint64_t began, const Span& span) {
  constexpr std::uint64_t nanoseconds_per_second = 1'000'000'000;
  const std::uint64_t lasted = monotonic_nanoseconds() - began;
  return lasted / nanoseconds_per_second > span.seconds ||
         (lasted / nanoseconds_per_second == span.seconds &&
          lasted % nanoseconds_per_second >= span.nanoseconds);
}

// Parks for that time, or until another thread sees it wait. Returns whether it waited, or at least
// did not return too early.
bool park_timeout_waits(const Span& span) {
  bool in_time = false;
  const bool seen = is_seen_to_wait([] {},
                                    [&] {
                                      const std::uint64_t began = monotonic_nanoseconds();
                                      park_timeout(span.seconds, span.nanoseconds);
                                      in_time = is_over(began, span);
                                    });
  park_timeout(0, 0);  // takes the token of an unpark that came too late
  return seen || in_time;
}

template <class Spans>
void expect_park_timeouts_to_wait(const Spans& spans) {
  for (const Span& span : spans) {
    expect_a_wait(fmt::format("a park_timeout of {} s {} ns", span.seconds, span.nanoseconds),
                  [&] { return park_timeout_waits(span); });
  }
}

constexpr std::string_view sources_of_park_timeout =
    "Rust documentation, std::thread::park_timeout; "
    "Rust 1.63, library/std/src/sys/unix/futex.rs: futex_wait; "
    "Rust 1.95, library/std/src/sys/pal/unix/futex.rs: futex_wait";

const auto park_across_a_second =
    clause("PARK-351")
        .should("A park_timeout that ends in another second than it began lasts as long as asked.")
        .source(sources_of_park_timeout)
        .needs({Feature::park_timeout, Feature::thread_handle, Feature::spawn, Feature::join})
        .example([] { expect_park_timeouts_to_wait(across_a_second); });

const auto park_of_many_seconds =
    clause("PARK-352")
        .should("A park_timeout of more seconds than 32 bits count lasts as long as asked.")
        .source(sources_of_park_timeout)
        .needs({Feature::park_timeout, Feature::thread_handle, Feature::spawn, Feature::join})
        .example([] { expect_park_timeouts_to_wait(many_seconds); });

constexpr std::string_view whole_sleeps =
    "A sleep lasts as long as was asked, whatever signals come.";
constexpr std::string_view sources_of_whole_sleeps =
    "heddle/subject.h, HEDDLE_SLEEPS_WHOLE; "
    "Rust documentation, std::thread::sleep; "
    "POSIX.1-2017, nanosleep";

// Starts a thread that sleeps for that time, and is left asleep. The thread itself expects that its
// sleep does not end too early. Returns its kernel's number when it is about to sleep.
pid_t start_sleeper(const Span& span) {
  const SharedNumber<pid_t> kernel_thread;
  const Signal about_to_sleep;
  leave(spawn([=] {
    kernel_thread.set(kernel_thread_id());
    about_to_sleep.set();
    const std::uint64_t began = monotonic_nanoseconds();
    sleep(span.seconds, span.nanoseconds);
    expect(is_over(began, span),
           fmt::format("a sleep of {} s {} ns lasts as long as was asked", span.seconds,
                       span.nanoseconds),
           "it ended too early");
    return returns();
  }));
  about_to_sleep.wait();
  return kernel_thread.get();
}

// Gives sleepers that wake too early the time to say so.
void give_time_to_wake() {
  constexpr int looks = 60;
  for (int look = 0; look < looks; ++look) {
    pause_between_looks();
  }
}

const auto sleep_of_many_seconds =
    clause("SPAWN-360")
        .must("A sleep of a second and more, even more than 32 bits count, is not cut short.")
        .source(sources_of_whole_sleeps, whole_sleeps)
        .needs({Feature::sleep, Feature::spawn, Feature::whole_sleeps})
        .example([] {
          for (const Span& span : across_a_second) {
            let_block(start_sleeper(span));
          }
          for (const Span& span : many_seconds) {
            let_block(start_sleeper(span));
          }
          give_time_to_wake();
        });

const auto signals_leave_the_seconds =
    clause("SPAWN-361")
        .must("Signals do not shorten a sleep of seconds.")
        .source(sources_of_whole_sleeps, whole_sleeps)
        .needs({Feature::sleep, Feature::spawn, Feature::whole_sleeps})
        .example([] {
          struct sigaction quiet {};  // without SA_RESTART: the call ends with EINTR
          quiet.sa_handler = [](int) {};
          if (::sigaction(SIGUSR1, &quiet, nullptr) != 0) {
            internal_error("the process takes no handler for SIGUSR1");
          }
          // What is left beside the seconds is short, so that a sleep for that alone is soon over.
          constexpr std::array<Span, 2> spans = {{{1000, 3'000'000}, {UINT64_C(1) << 32, 1}}};
          constexpr int signals = 3;
          const long process = system_call(SYS_getpid);
          for (const Span& span : spans) {
            const pid_t sleeper = start_sleeper(span);
            for (int signal = 0; signal < signals; ++signal) {
              let_block(sleeper);
              system_call(SYS_tgkill, process, sleeper, SIGUSR1);  // fails if the sleeper is gone
              pause_between_looks();
            }
          }
          give_time_to_wake();
        });

}  // namespace
}  // namespace heddle::conformance
