#include "sys/sleep.hpp"

#include <time.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <limits>

#include "heddle/sys/fatal.hpp"

namespace heddle::sys {

void sleep(Duration span) {
  constexpr std::uint64_t longest_call = std::numeric_limits<time_t>::max();
  std::uint64_t seconds = span.seconds;
  long nanoseconds = span.nanoseconds;
  while (seconds > 0 || nanoseconds > 0) {
    // A span that the kernel's type cannot hold is slept in several rounds.
    timespec rest{.tv_sec = static_cast<time_t>(std::min(seconds, longest_call)),
                  .tv_nsec = nanoseconds};
    seconds -= static_cast<std::uint64_t>(rest.tv_sec);
    if (::nanosleep(&rest, &rest) == 0) {
      nanoseconds = 0;
      continue;
    }
    if (errno != EINTR) {
      // EINVAL: nanoseconds out of range; EFAULT: no such memory. Neither can occur.
      fatal_call("nanosleep", errno);
    }
    // A signal came. nanosleep has left the remaining time in `rest`.
    seconds += static_cast<std::uint64_t>(rest.tv_sec);
    nanoseconds = rest.tv_nsec;
  }
}

}  // namespace heddle::sys
