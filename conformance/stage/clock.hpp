// The clock that a check measures with.
#pragma once

#include <cstdint>
#include <ctime>

namespace heddle::conformance {

/// Returns the time since an arbitrary moment. A busy machine can only lengthen the time between
/// two calls.
inline std::uint64_t monotonic_nanoseconds() {
  constexpr std::uint64_t nanoseconds_per_second = 1'000'000'000;
  timespec now{};
  static_cast<void>(::clock_gettime(CLOCK_MONOTONIC, &now));  // the clock exists on Linux
  return static_cast<std::uint64_t>(now.tv_sec) * nanoseconds_per_second +
         static_cast<std::uint64_t>(now.tv_nsec);
}

}  // namespace heddle::conformance
