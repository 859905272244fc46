// Moments on a clock that nobody sets.
#pragma once

#include <cstdint>
#include <optional>

#include "heddle/duration.hpp"

namespace heddle::sys {

/// A moment of CLOCK_MONOTONIC.
struct Moment {
  std::int64_t seconds;
  std::int64_t nanoseconds;  ///< below 1,000,000,000
};

/// The moment that lies `span` from now; none when the clock will never show it.
std::optional<Moment> moment_after(Duration span);

}  // namespace heddle::sys
