#include "effects.hpp"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>

#include <atomic>
#include <cerrno>
#include <climits>

#include "program_memory.hpp"
#include "raw_system_call.hpp"

namespace heddle::inject {

void wait_nanoseconds(std::uint64_t duration_ns) {
  constexpr std::uint64_t second_ns = 1'000'000'000;
  timespec deadline{};
  // Cannot fail: the clock always exists, and the pointer is valid.
  static_cast<void>(raw_system_call(SYS_clock_gettime, CLOCK_MONOTONIC, &deadline));
  const std::uint64_t nanoseconds =
      static_cast<std::uint64_t>(deadline.tv_nsec) + duration_ns % second_ns;
  deadline.tv_sec += static_cast<time_t>(duration_ns / second_ns + nanoseconds / second_ns);
  deadline.tv_nsec = static_cast<long>(nanoseconds % second_ns);
  while (raw_system_call(SYS_clock_nanosleep, CLOCK_MONOTONIC, TIMER_ABSTIME, &deadline, nullptr) ==
         -EINTR) {
  }
}

void store_remaining_time(const Call& call) {
  const bool by_clock = call.row == HEDDLE_INJECT_CLOCK_NANOSLEEP;
  if (call.row != HEDDLE_INJECT_NANOSLEEP && !by_clock) {
    return;
  }
  // A sleep until a moment has no remainder.
  if (by_clock && (call.arguments[1] & TIMER_ABSTIME) != 0) {
    return;
  }
  const long remaining = call.arguments[by_clock ? 3 : 1];
  timespec asked{};
  if (remaining != 0 && read_program_memory(asked, call.arguments[by_clock ? 2 : 0])) {
    // May fail: a pointer that leads nowhere is the program's mistake, which this fault is not
    // about.
    static_cast<void>(write_program_memory(remaining, asked));
  }
}

void signal_this_thread(int signal) {
  // Fails only if the number is no signal: then the plan is wrong, and nothing happens.
  static_cast<void>(raw_system_call(SYS_tgkill, raw_system_call(SYS_getpid),
                                    raw_system_call(SYS_gettid), signal));
}

// Both words are counts, and the kernel compares `released` again before it lets the thread sleep,
// so sequential consistency is unnecessary. Release on `held` shows the steering side what this
// thread did before; acquire on `released` shows this thread what was done before its release.
void hold_at_gate(heddle_inject_rule& rule) {
  const std::uint32_t place =
      std::atomic_ref(rule.held).fetch_add(1, std::memory_order_release) + 1;
  // Cannot fail: a wake without waiters is fine.
  static_cast<void>(raw_system_call(SYS_futex, &rule.held, FUTEX_WAKE, INT_MAX));
  for (;;) {
    const std::uint32_t released = std::atomic_ref(rule.released).load(std::memory_order_acquire);
    if (released >= place) {
      return;
    }
    // Woken, interrupted or too late: the word decides.
    static_cast<void>(raw_system_call(SYS_futex, &rule.released, FUTEX_WAIT, released, nullptr));
  }
}

}  // namespace heddle::inject
