#include "sys/monotonic_clock.hpp"

#include <time.h>

#include <cerrno>

#include "heddle/sys/fatal.hpp"

namespace heddle::sys {

std::optional<Moment> moment_after(Duration span) {
  constexpr std::int64_t nanoseconds_per_second = 1'000'000'000;
  timespec now{};
  if (::clock_gettime(CLOCK_MONOTONIC, &now) != 0) {
    // EINVAL: no such clock; EFAULT: no such memory. Neither can occur on Linux.
    fatal_call("clock_gettime", errno);
  }
  Moment moment{now.tv_sec, now.tv_nsec + static_cast<std::int64_t>(span.nanoseconds)};
  if (moment.nanoseconds >= nanoseconds_per_second) {
    moment.nanoseconds -= nanoseconds_per_second;
    moment.seconds += 1;  // seconds since the system's start, far below the limit
  }
  if (__builtin_add_overflow(moment.seconds, span.seconds, &moment.seconds)) {
    return std::nullopt;
  }
  return moment;
}

}  // namespace heddle::sys
