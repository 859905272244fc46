// Times, measured round by round.
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
  /// The shortest time that one measurement takes, in seconds.
  double minimum_time_s = 0.02;
  /// If set, the iterations of each measurement, in place of a minimum time. Tests ask for one.
  std::optional<std::size_t> iterations;
};

/// Measures every operation with every contender that offers it, side by side in each round, each
/// time beginning with another contender. One more round warms up, and finds out how many
/// iterations take the minimum time. Call it on the main thread.
std::vector<Series> measure(const std::vector<const Operation*>& chosen,
                            const std::vector<Contender>& contenders, const Plan& plan);

}  // namespace heddle::bench
