// A span of time that cannot overflow on the way to the kernel.
#pragma once

#include <chrono>
#include <cstdint>
#include <limits>

namespace heddle {

/// Rust's Duration: whole seconds, and nanoseconds below 1,000,000,000. It can be made from any
/// duration of std::chrono: a negative one becomes zero, one beyond the range the longest Duration.
struct Duration {
  std::uint64_t seconds = 0;
  std::uint32_t nanoseconds = 0;

  constexpr Duration() = default;
  constexpr Duration(std::uint64_t whole_seconds, std::uint32_t subsecond_nanoseconds)
      : seconds(whole_seconds), nanoseconds(subsecond_nanoseconds) {}

  template <class Number, class Period>
  constexpr Duration(std::chrono::duration<Number, Period> span) {
    // Compared in floating point, since converting hours::max() to seconds would overflow.
    constexpr long double limit = std::numeric_limits<std::int64_t>::max();
    const auto approximate =
        std::chrono::duration_cast<std::chrono::duration<long double>>(span).count();
    if (!(approximate > 0)) {
      return;
    }
    if (approximate >= limit) {
      *this = max();
      return;
    }
    const auto whole = std::chrono::duration_cast<std::chrono::seconds>(span);
    const auto rest = std::chrono::duration_cast<std::chrono::nanoseconds>(span - whole);
    seconds = static_cast<std::uint64_t>(whole.count());
    nanoseconds = static_cast<std::uint32_t>(rest.count());
  }

  static constexpr Duration max() {
    return {std::numeric_limits<std::uint64_t>::max(), 999'999'999};
  }
};

}  // namespace heddle
