// Moments on the monotonic clock.
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

/// Returns the moment that lies `span` from now; nothing if the clock will never show it.
std::optional<Moment> moment_after(Duration span);

}  // namespace heddle::sys
