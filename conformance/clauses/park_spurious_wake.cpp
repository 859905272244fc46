// Parking while futex waits end for no reason, as the kernel allows.
#include <cerrno>
#include <csignal>

#include "clauses/surplus_token.hpp"
#include "stage/stage.hpp"

namespace heddle::conformance {
namespace {

// Citations of more than one clause.
constexpr std::string_view sources_of_park =
    "Rust 1.63, library/std/src/sys_common/thread_parker/futex.rs: Parker::park; "
    "Rust 1.95, library/std/src/sys/sync/thread_parking/futex.rs: Parker::park; "
    "futex(2)";

constexpr std::uint64_t early_wakes = 3;

// Parks under the clause's fault, and has another thread unpark it once it waits.
void expect_park_to_outlast_the_fault() {
  const Signal token_given;
  const ThreadHandle self = current_thread();
  const auto kernel_thread = kernel_thread_id();
  const JoinHandle waker = spawn([=] {
    let_block(kernel_thread);
    token_given.set();
    unpark(self);
    return returns();
  });
  armed([] { park(); });
  expect(token_given.is_set(), "park returns after the unpark", "it returned before it");
  expect(join(waker), returned());
  drop(self);
}

// Calls park_timeout while its waits end early, however the runtime takes that, and then expects
// the usual promises.
void expect_token_to_be_sound_after_the_fault() {
  armed([] { park_timeout(0, a_short_time); });
  unpark_self();
  park();
  expect_a_wait("a park_timeout after a futex wait that ended early", [] {
    armed([] { park_timeout(0, a_short_time); });
    return park_timeout_expires();
  });
}

const auto park_outlasts_spurious_wakes =
    clause("PARK-095")
        .should("park does not return without a token, however often its futex wait does.")
        .source(sources_of_park)
        .needs({Feature::park, Feature::thread_handle, Feature::spawn, Feature::join})
        .fault(wakes_spuriously(early_wakes))
        .example(expect_park_to_outlast_the_fault);

const auto park_outlasts_signals =
    clause("PARK-308")
        .should("park does not return without a token when its futex wait is interrupted.")
        .source(sources_of_park)
        .needs({Feature::park, Feature::thread_handle, Feature::spawn, Feature::join})
        .fault(fails_first(HEDDLE_INJECT_FUTEX_WAIT, EINTR, early_wakes))
        .example(expect_park_to_outlast_the_fault);

const auto park_outlasts_changed_words =
    clause("PARK-309")
        .should("park does not return without a token when its futex wait ends with EAGAIN.")
        .source(sources_of_park)
        .needs({Feature::park, Feature::thread_handle, Feature::spawn, Feature::join})
        .fault(fails_first(HEDDLE_INJECT_FUTEX_WAIT, EAGAIN, early_wakes))
        .example(expect_park_to_outlast_the_fault);

const auto park_outlasts_timeouts =
    clause("PARK-310")
        .should("park does not return without a token when its futex wait claims a timeout.")
        .source(sources_of_park)
        .needs({Feature::park, Feature::thread_handle, Feature::spawn, Feature::join})
        .fault(fails_first(HEDDLE_INJECT_FUTEX_WAIT, ETIMEDOUT, early_wakes))
        .example(expect_park_to_outlast_the_fault);

const auto park_outlasts_a_missing_call =
    clause("PARK-324")
        .profile({"rust-1.63.."},
                 "park goes on trying when the system says that there is no such call as its futex "
                 "wait.")
        .source(
            "Rust 1.63, library/std/src/sys_common/thread_parker/futex.rs: Parker::park; "
            "Rust 1.95, library/std/src/sys/sync/thread_parking/futex.rs: Parker::park")
        .needs({Feature::park, Feature::thread_handle, Feature::spawn, Feature::join})
        .fault(fails_first(HEDDLE_INJECT_FUTEX_WAIT, ENOSYS, early_wakes))
        .example(expect_park_to_outlast_the_fault);

const auto missing_call_is_fatal =
    clause("PARK-325")
        .profile({"heddle"},
                 "A futex wait that fails with an impossible error ends the process; the "
                 "message names the call.")
        .source("impl/README.md, What happens when a call fails")
        .needs({Feature::park_timeout})
        .dies_of(SIGABRT, "futex (FUTEX_WAIT_BITSET): Function not implemented")
        .fault(fails(HEDDLE_INJECT_FUTEX_WAIT, ENOSYS))
        .example([] {
          expect_death();
          armed([] { park_timeout(0, a_short_time); });
        });

const auto lost_wake_up_is_fatal =
    clause("PARK-326")
        .profile({"heddle"},
                 "A futex wake that fails ends the process, since its wake-up is lost; the "
                 "message names the call.")
        .source("impl/README.md, What happens when a call fails")
        .needs({Feature::park, Feature::thread_handle, Feature::spawn, Feature::join})
        .dies_of(SIGABRT, "futex (FUTEX_WAKE): Bad address")
        .fault(fails(HEDDLE_INJECT_FUTEX_WAKE, EFAULT))
        .example([] {
          const ThreadHandle self = current_thread();
          const auto kernel_thread = kernel_thread_id();
          const JoinHandle waker = spawn([=] {
            let_block(kernel_thread);
            expect_death();
            armed([=] { unpark(self); });
            return returns();
          });
          park();
          expect(join(waker), returned());
        });

const auto signals_do_not_shorten =
    clause("PARK-101")
        .should("park_timeout lasts as long as asked when its futex wait is interrupted.")
        .source(
            "Rust documentation, std::thread::park_timeout; "
            "Rust 1.63, library/std/src/sys/unix/futex.rs: futex_wait; "
            "Rust 1.95, library/std/src/sys/pal/unix/futex.rs: futex_wait; "
            "futex(2)")
        .needs({Feature::park_timeout})
        .fault(fails_first(HEDDLE_INJECT_FUTEX_WAIT, EINTR, early_wakes))
        .example([] {
          for (int trial = 0; trial < trials; ++trial) {
            expect(armed(park_timeout_expires), "park_timeout runs into its deadline",
                   "it returned before");
          }
        });

const auto early_wakes_may_shorten =
    clause("PARK-102")
        .profile({"rust-1.63.."}, "A spurious wake-up of its futex wait ends a park_timeout.")
        .source(
            "Rust documentation, std::thread::park_timeout; "
            "Rust 1.63, library/std/src/sys_common/thread_parker/futex.rs: Parker::park_timeout; "
            "Rust 1.95, library/std/src/sys/sync/thread_parking/futex.rs: Parker::park_timeout",
            "Blocks unless or until the current thread's token is made available or the specified "
            "duration has been reached (may wake spuriously).")
        .needs({Feature::park_timeout})
        .fault(wakes_spuriously(1))
        .example([] { armed([] { park_timeout(days, 0); }); });

const auto sound_after_spurious_wake =
    clause("PARK-311")
        .must("A park_timeout that wakes spuriously leaves no token, and the next one arrives.")
        .source(
            "Rust documentation, std::thread::park; "
            "Rust documentation, std::thread::park_timeout; "
            "futex(2)",
            "It may also return spuriously, without consuming the token.")
        .needs({Feature::park, Feature::park_timeout, Feature::thread_handle})
        .fault(wakes_spuriously(1))
        .example(expect_token_to_be_sound_after_the_fault);

const auto sound_after_changed_word =
    clause("PARK-312")
        .must(
            "A park_timeout whose futex wait ends with EAGAIN leaves no token, and the next one "
            "arrives.")
        .source(
            "Rust documentation, std::thread::park; "
            "Rust documentation, std::thread::park_timeout; "
            "futex(2)",
            "It may also return spuriously, without consuming the token.")
        .needs({Feature::park, Feature::park_timeout, Feature::thread_handle})
        .fault(fails(HEDDLE_INJECT_FUTEX_WAIT, EAGAIN))
        .example(expect_token_to_be_sound_after_the_fault);

}  // namespace
}  // namespace heddle::conformance
