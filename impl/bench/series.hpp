// Measuring, round by round.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "operation.hpp"

namespace heddle::bench {

/// One contender's times for one operation, one for each round, in nanoseconds.
struct Series {
  const Operation* operation;
  std::string_view contender;
  std::vector<double> times_ns;
};

struct Plan {
  std::size_t rounds = 11;
  /// How long one measurement takes at least, in seconds.
  double minimum_time_s = 0.02;
  /// Instead of that: how many iterations each has. Tests want one.
  std::optional<std::size_t> iterations;
};

/// Measures every operation with every contender that offers it, side by side in each round, and
/// in each round with another contender first. A round before the first warms up, and finds out how
/// many iterations take the minimum time. By the main thread.
std::vector<Series> measure(const std::vector<const Operation*>& chosen,
                            const std::vector<Contender>& contenders, const Plan& plan);

}  // namespace heddle::bench
