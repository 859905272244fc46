// What a sleeping thread waits for, from the number and the arguments of its call alone.
#include <linux/futex.h>
#include <poll.h>
#include <sched.h>
#include <sys/select.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <process/system_call_wait.hpp>

#include <cstdint>
#include <cstring>

#include "support/catch.hpp"

namespace heddle::tests {
namespace {

using namespace heddle::inject;

template <typename Object>
std::uint64_t address_of(const Object& object) {
  return reinterpret_cast<std::uint64_t>(&object);
}

/// The test's own memory stands for the program's; 1 is an address that cannot be read.
bool read_own(std::uint64_t address, void* to, std::size_t size) {
  if (address <= 1) {
    return false;
  }
  std::memcpy(to, reinterpret_cast<const void*>(address), size);
  return true;
}

Wait wait_in(long number, std::uint64_t a = 0, std::uint64_t b = 0, std::uint64_t c = 0,
             std::uint64_t d = 0, std::uint64_t e = 0, std::uint64_t f = 0) {
  return wait_of({number, {a, b, c, d, e, f}}, read_own);
}

constexpr std::int64_t ms = 1'000'000;
constexpr std::uint64_t no_limit = UINT64_MAX;  // -1 as the kernel prints it
const timespec three_seconds{3, 5 * ms};

void check_limit(const Wait& wait, bool absolute, clockid_t clock = CLOCK_MONOTONIC) {
  CAPTURE(wait.call);
  REQUIRE(wait.limit.has_value());
  CHECK(wait.limit->known);
  CHECK(wait.limit->absolute == absolute);
  CHECK(wait.limit->clock == clock);
  CHECK(wait.limit->nanoseconds == 3005 * ms);
}

TEST_CASE("a line of the kernel's is read") {
  const auto call =
      system_call_of("230 0x1 0x0 0x7ffd1 0x7ffd2 0x0 0xffffffffffffffff 0x7ffd 0x7f\n");
  REQUIRE(call.has_value());
  CHECK(call->number == SYS_clock_nanosleep);
  CHECK(call->arguments[0] == 1);
  CHECK(call->arguments[5] == UINT64_MAX);
  CHECK_FALSE(system_call_of("running\n").has_value());
  CHECK_FALSE(system_call_of("-1 0x7ffd 0x7f\n").has_value());
  CHECK_FALSE(system_call_of("").has_value());
}

TEST_CASE("a sleep waits for time alone") {
  const Wait relative = wait_in(SYS_nanosleep, address_of(three_seconds));
  check_limit(relative, false);
  CHECK(relative.awaited == Awaited::time);
  check_limit(
      wait_in(SYS_clock_nanosleep, CLOCK_REALTIME, TIMER_ABSTIME, address_of(three_seconds)), true,
      CLOCK_REALTIME);
  check_limit(wait_in(SYS_clock_nanosleep, CLOCK_MONOTONIC, 0, address_of(three_seconds)), false);
}

TEST_CASE("a limit that cannot be read may be anything") {
  const Wait wait = wait_in(SYS_clock_nanosleep, CLOCK_MONOTONIC, 0, 1);
  REQUIRE(wait.limit.has_value());
  CHECK_FALSE(wait.limit->known);
  const Wait restarted = wait_in(SYS_restart_syscall);
  REQUIRE(restarted.limit.has_value());
  CHECK_FALSE(restarted.limit->known);
  CHECK(wait_in(SYS_io_uring_enter).limit.has_value());
}

TEST_CASE("each way to wait for a futex has its own clock") {
  const std::uint64_t limit = address_of(three_seconds);
  const auto futex = [&](int operation, std::uint64_t time) {
    return wait_in(SYS_futex, 4096, static_cast<std::uint64_t>(operation), 0, time);
  };
  check_limit(futex(FUTEX_WAIT | FUTEX_PRIVATE_FLAG, limit), false);
  check_limit(futex(FUTEX_WAIT_BITSET, limit), true);
  check_limit(futex(FUTEX_WAIT_BITSET | FUTEX_CLOCK_REALTIME, limit), true, CLOCK_REALTIME);
  check_limit(futex(FUTEX_LOCK_PI, limit), true, CLOCK_REALTIME);
  check_limit(futex(FUTEX_LOCK_PI2, limit), true);
  for (const int operation : {FUTEX_WAIT, FUTEX_WAIT_BITSET, FUTEX_LOCK_PI, FUTEX_LOCK_PI2}) {
    const Wait wait = futex(operation | FUTEX_PRIVATE_FLAG, 0);
    CHECK_FALSE(wait.limit.has_value());
    CHECK(wait.awaited == Awaited::memory);
    REQUIRE(wait.words.size() == 1);
    CHECK(wait.words.front().address == 4096);
    CHECK(wait.words.front().process_private);
  }
  CHECK_FALSE(futex(FUTEX_WAIT, 0).words.front().process_private);
}

TEST_CASE("several futexes are all waited for") {
  const futex_waitv words[] = {{0, 4096, FUTEX_32 | FUTEX_PRIVATE_FLAG, 0}, {0, 8192, FUTEX_32, 0}};
  const Wait wait =
      wait_in(SYS_futex_waitv, address_of(words), 2, 0, address_of(three_seconds), CLOCK_REALTIME);
  check_limit(wait, true, CLOCK_REALTIME);
  REQUIRE(wait.words.size() == 2);
  CHECK(wait.words[0].process_private);
  CHECK_FALSE(wait.words[1].process_private);
  CHECK(wait_in(SYS_futex_waitv, 1, 2).awaited == Awaited::anything);
}

TEST_CASE("who waits for descriptors says which, and how long") {
  const pollfd polled[] = {{7, POLLIN, 0}, {-1, POLLIN, 0}, {8, POLLOUT, 0}};
  const Wait poll = wait_in(SYS_poll, address_of(polled), 3, 3005);
  check_limit(poll, false);
  REQUIRE(poll.descriptors.size() == 2);
  CHECK(poll.descriptors[0].descriptor == 7);
  CHECK_FALSE(poll.descriptors[0].for_writing);
  CHECK(poll.descriptors[1].descriptor == 8);
  CHECK(poll.descriptors[1].for_writing);
  CHECK_FALSE(wait_in(SYS_poll, address_of(polled), 3, no_limit).limit.has_value());
  CHECK_FALSE(wait_in(SYS_poll, address_of(polled), 3, 0xffffffff).limit.has_value());
  check_limit(wait_in(SYS_ppoll, address_of(polled), 3, address_of(three_seconds)), false);
  CHECK_FALSE(wait_in(SYS_ppoll, address_of(polled), 3).limit.has_value());
  for (const int number : {SYS_epoll_wait, SYS_epoll_pwait}) {
    check_limit(wait_in(number, 5, 0, 1, 3005), false);
    CHECK_FALSE(wait_in(number, 5, 0, 1, no_limit).limit.has_value());
  }
  check_limit(wait_in(SYS_epoll_pwait2, 5, 0, 1, address_of(three_seconds)), false);
}

TEST_CASE("select has its limit in microseconds, pselect in nanoseconds") {
  fd_set reading;
  FD_ZERO(&reading);
  FD_SET(3, &reading);
  FD_SET(70, &reading);
  const timeval limit{3, 5000};
  const Wait wait = wait_in(SYS_select, 71, address_of(reading), 0, 0, address_of(limit));
  check_limit(wait, false);
  REQUIRE(wait.descriptors.size() == 2);
  CHECK(wait.descriptors[1].descriptor == 70);
  check_limit(wait_in(SYS_pselect6, 71, 0, address_of(reading), 0, address_of(three_seconds)),
              false);
  CHECK(wait_in(SYS_pselect6, 71, 0, address_of(reading)).descriptors.front().for_writing);
}

TEST_CASE("who waits for no descriptor sleeps, or waits for a signal") {
  CHECK(wait_in(SYS_poll, 0, 0, 3005).awaited == Awaited::time);
  CHECK(wait_in(SYS_poll, 0, 0, no_limit).awaited == Awaited::anything);
  const timeval limit{3, 0};
  CHECK(wait_in(SYS_select, 0, 0, 0, 0, address_of(limit)).awaited == Awaited::time);
}

TEST_CASE("limits stand in the argument that the call has for them") {
  const std::uint64_t limit = address_of(three_seconds);
  check_limit(wait_in(SYS_rt_sigtimedwait, 0, 0, limit), false);
  check_limit(wait_in(SYS_recvmmsg, 4, 0, 1, 0, limit), false);
  check_limit(wait_in(SYS_semtimedop, 0, 0, 1, limit), false);
  check_limit(wait_in(SYS_io_getevents, 0, 1, 1, 0, limit), false);
  check_limit(wait_in(SYS_io_pgetevents, 0, 1, 1, 0, limit), false);
  check_limit(wait_in(SYS_mq_timedreceive, 3, 0, 0, 0, limit), true, CLOCK_REALTIME);
  check_limit(wait_in(SYS_mq_timedsend, 3, 0, 0, 0, limit), true, CLOCK_REALTIME);
}

TEST_CASE("what is not known here may be ended by anybody") {
  for (const int number : {SYS_pause, SYS_rt_sigsuspend, SYS_flock, SYS_semop, SYS_msgrcv}) {
    const Wait wait = wait_in(number);
    CHECK(wait.awaited == Awaited::anything);
    CHECK_FALSE(wait.limit.has_value());
  }
  CHECK(system_call_name(5000) == "system call 5000");
  CHECK(system_call_name(SYS_rt_sigsuspend) == "rt_sigsuspend");
}

TEST_CASE("a parent waits for its child, also until that executes a program") {
  const std::uint64_t vfork = CLONE_VFORK | CLONE_VM;
  const std::uint64_t fork = 0;
  CHECK(wait_in(SYS_wait4).awaited == Awaited::child);
  CHECK(wait_in(SYS_waitid).awaited == Awaited::child);
  CHECK(wait_in(SYS_vfork).awaited == Awaited::child);
  CHECK(wait_in(SYS_clone, vfork).awaited == Awaited::child);
  CHECK(wait_in(SYS_clone, fork).awaited == Awaited::anything);
  CHECK(wait_in(SYS_clone3, address_of(vfork)).awaited == Awaited::child);
  CHECK(wait_in(SYS_clone3, address_of(fork)).awaited == Awaited::anything);
}

TEST_CASE("who ends is no longer waiting for anybody") {
  CHECK(wait_in(SYS_exit_group).is_ending);
  CHECK(wait_in(SYS_exit).is_ending);
  CHECK_FALSE(wait_in(SYS_read).is_ending);
}

TEST_CASE("sockets have limits of their own for reading and writing, not for polls") {
  CHECK(wait_in(SYS_recvfrom, 4).socket_limit);
  CHECK_FALSE(wait_in(SYS_recvfrom, 4).descriptors.front().for_writing);
  CHECK(wait_in(SYS_connect, 4).descriptors.front().for_writing);
  CHECK_FALSE(wait_in(SYS_epoll_wait, 4, 0, 1, no_limit).socket_limit);
}

}  // namespace
}  // namespace heddle::tests
