// Parking with a timeout: when it ends, and what it leaves behind.
#include <array>
#include <cerrno>

#include "clauses/surplus_token.hpp"
#include "stage/stage.hpp"

namespace heddle::conformance {
namespace {

// Citations of more than one clause.
constexpr std::string_view like_park_with_a_timeout =
    "The semantics of this function are equivalent to park except that the thread will be "
    "blocked for roughly no longer than dur.";
constexpr std::string_view blocks_until_token_or_timeout =
    "Blocks unless or until the current thread's token is made available or the specified "
    "duration has been reached (may wake spuriously).";
constexpr std::string_view sources_of_token_and_timeout =
    "Rust documentation, std::thread::park; "
    "Rust 1.63, library/std/src/sys_common/thread_parker/futex.rs: Parker::park_timeout; "
    "Rust 1.95, library/std/src/sys/sync/thread_parking/futex.rs: Parker::park_timeout";
constexpr std::string_view sources_of_park_timeout =
    "Rust documentation, std::thread::park_timeout; "
    "Rust documentation, std::thread::park; "
    "Rust 1.63, library/std/src/sys_common/thread_parker/futex.rs: Parker::park_timeout; "
    "Rust 1.95, library/std/src/sys/sync/thread_parking/futex.rs: Parker::park_timeout";

// The longest time, and times around the points where a deadline exceeds the clock's types: the
// kernel's seconds are signed, and some runtimes count nanoseconds in 64 bits.
constexpr std::array<std::uint64_t, 5> enormous_seconds = {
    ~UINT64_C(0), UINT64_C(1) << 63, (UINT64_C(1) << 63) - 1, UINT64_C(18'446'744'073),
    UINT64_C(9'223'372'036)};
constexpr std::uint32_t most_nanoseconds = 999'999'999;

// Parks with the timeout while another thread gives the token once this thread waits. Returns
// whether the token was on its way when the park ended.
bool park_timeout_until_unparked(std::uint64_t seconds, std::uint32_t nanoseconds) {
  const Signal token_given;
  const ThreadHandle self = current_thread();
  const auto kernel_thread = kernel_thread_id();
  const JoinHandle waker = spawn([=] {
    let_block(kernel_thread);
    token_given.set();
    unpark(self);
    return returns();
  });
  park_timeout(seconds, nanoseconds);
  const bool in_time = token_given.is_set();
  expect(join(waker), returned());
  park_timeout(0, 0);  // consumes the token if the park ended before it came
  drop(self);
  return in_time;
}

const auto timeout_ends =
    clause("PARK-096")
        .must("park_timeout returns when its time is over, even if nobody unparks the thread.")
        .source("Rust documentation, std::thread::park_timeout", like_park_with_a_timeout)
        .needs({Feature::park_timeout})
        .example([] {
          for (const std::uint32_t nanoseconds : {0U, 1U, 999U, 100'000U, 2'000'000U}) {
            park_timeout(0, nanoseconds);
          }
        });

const auto token_ends_timeout =
    clause("PARK-304")
        .must("park_timeout returns for a token that is there, or that comes while it waits.")
        .source("Rust documentation, std::thread::park_timeout", blocks_until_token_or_timeout)
        .needs({Feature::park_timeout, Feature::thread_handle, Feature::spawn, Feature::join})
        .example([] {
          unpark_self();
          park_timeout(days, 0);
          static_cast<void>(park_timeout_until_unparked(days, 0));
        });

const auto timeout_consumes =
    clause("PARK-305")
        .must("park_timeout consumes the token that it returns for.")
        .source(
            "Rust documentation, std::thread::park_timeout; "
            "Rust documentation, std::thread::park",
            like_park_with_a_timeout)
        .needs({Feature::park_timeout, Feature::thread_handle})
        .example([] {
          expect_a_wait("the park_timeout after the one that consumed the token", [] {
            unpark_self();
            park_timeout(days, 0);
            return park_timeout_expires();
          });
        });

const auto token_after_timeout =
    clause("PARK-097")
        .must("An unpark that follows a park_timeout which has timed out ends the next park.")
        .source(sources_of_token_and_timeout,
                "The thread::park function blocks the current thread unless or until the token is "
                "available for its thread handle, at which point it atomically consumes the token.")
        .needs({Feature::park, Feature::park_timeout, Feature::thread_handle})
        .example([] {
          for (int trial = 0; trial < trials; ++trial) {
            park_timeout(0, a_short_time);
            unpark_self();
            park();
          }
        });

// The park_timeout in question follows one that has waited, and is compared with it: a runtime that
// returns early for no reason does not do so at exactly every second call, in all trials. Each
// trial has a thread of its own, since what a timeout leaves behind may stay.
const auto no_token_from_a_timeout =
    clause("PARK-306")
        .must("A park_timeout that has timed out leaves no token behind.")
        .source(sources_of_park_timeout, like_park_with_a_timeout)
        .needs({Feature::park_timeout, Feature::spawn, Feature::join})
        .example([] {
          const Counter surplus;
          for (std::uint64_t trial = 1; trial <= 10; ++trial) {
            on_spawned_thread([=] {
              if (park_timeout_expires() && !park_timeout_expires()) {
                surplus.add();
              }
            });
            if (surplus.get() < trial) {
              return;
            }
          }
          fail("a park_timeout waits after one that has timed out",
               "ten times, each second one returned at once");
        });

const auto unpark_ends_one_timeout =
    clause("PARK-327")
        .must("An unpark that ends a park_timeout which is waiting is consumed by it.")
        .source(sources_of_park_timeout, like_park_with_a_timeout)
        .needs({Feature::park_timeout, Feature::thread_handle, Feature::spawn})
        .example([] {
          expect_a_wait("the park_timeout after the one that the unpark has ended", [] {
            unpark_during([] { park_timeout(days, 0); });
            return park_timeout_expires();
          });
        });

const auto timeout_is_waited_for =
    clause("PARK-328")
        .should("park_timeout lasts as long as asked when nobody ends it.")
        .source("Rust documentation, std::thread::park_timeout")
        .needs({Feature::park_timeout})
        .example([] {
          for (int trial = 0; trial < trials; ++trial) {
            expect(park_timeout_expires(), "park_timeout runs into its deadline",
                   "it returned before");
          }
        });

// The deadline falls near the unpark, sometimes before and sometimes after it. Whichever wins, the
// token that is given afterwards must arrive, and makes one with the token that the race may have
// left.
const auto timeout_races_unpark =
    clause("PARK-098")
        .must(
            "After an unpark that came as a park_timeout timed out, the next unpark ends the next "
            "park, and the two leave no second token.")
        .source(sources_of_token_and_timeout,
                "The unpark method on a Thread atomically makes the token available if it wasn't "
                "already.")
        .needs({Feature::park, Feature::park_timeout, Feature::thread_handle, Feature::spawn,
                Feature::join})
        .example([] {
          const ThreadHandle self = current_thread();
          const auto race = [=](std::uint32_t nanoseconds) {
            const Barrier start(2);
            const JoinHandle waker = spawn([=] {
              start.wait();
              unpark(self);
              return returns();
            });
            start.wait();
            park_timeout(0, nanoseconds);
            expect(join(waker), returned());
          };
          for (std::uint32_t nanoseconds = 0; nanoseconds < 100'000; nanoseconds += 5'000) {
            race(nanoseconds);
            unpark(self);
            park();
          }
          expect_a_wait("a park_timeout after the park that used up the token", [=] {
            race(20'000);
            unpark(self);
            park();
            return park_timeout_expires();
          });
          drop(self);
        });

const auto zero_is_a_poll =
    clause("PARK-099")
        .profile(everywhere,
                 "park_timeout of zero returns without being woken, and consumes a token.")
        .source(
            "Rust 1.63, library/std/src/sys_common/thread_parker/futex.rs: Parker::park_timeout; "
            "Rust 1.95, library/std/src/sys/sync/thread_parking/futex.rs: Parker::park_timeout")
        .needs({Feature::park_timeout, Feature::thread_handle})
        .example([] {
          park_timeout(0, 0);
          expect_a_wait("the park_timeout after a poll that consumed the token", [] {
            unpark_self();
            park_timeout(0, 0);
            return park_timeout_expires();
          });
        });

const auto enormous_timeouts_wait =
    clause("PARK-100")
        .should("A timeout too long for the clock is no timeout: park_timeout waits for a token.")
        .source(
            "Rust 1.63, library/std/src/sys/unix/futex.rs: futex_wait; "
            "Rust 1.95, library/std/src/sys/pal/unix/futex.rs: futex_wait")
        .needs({Feature::park_timeout, Feature::thread_handle, Feature::spawn, Feature::join})
        .example([] {
          for (const std::uint64_t seconds : enormous_seconds) {
            expect(park_timeout_until_unparked(seconds, most_nanoseconds),
                   "park_timeout waits until the thread is unparked", "it returned before");
          }
        });

const auto enormous_timeouts_end =
    clause("PARK-307")
        .must("A token ends a park_timeout of any length, and every length is accepted.")
        .source(
            "Rust documentation, std::thread::park_timeout; "
            "Rust documentation, std::time::Duration::MAX; "
            "heddle/subject.h, rule 9",
            blocks_until_token_or_timeout)
        .needs({Feature::park_timeout, Feature::thread_handle, Feature::spawn, Feature::join})
        .example([] {
          for (const std::uint64_t seconds : enormous_seconds) {
            static_cast<void>(park_timeout_until_unparked(seconds, most_nanoseconds));
          }
        });

}  // namespace
}  // namespace heddle::conformance
