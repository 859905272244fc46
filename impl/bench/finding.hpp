// The findings: what the measured times say of each operation.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "series.hpp"
#include "statistics.hpp"

namespace heddle::bench {

/// Heddle's time as a multiple of the baseline's, taken round by round.
struct Comparison {
  Spread ratio;
  std::optional<double> target;

  bool met() const { return !target || ratio.median <= *target; }
};

/// One operation, measured with all contenders that offer it.
struct Finding {
  const Operation* operation;
  std::vector<Series> series;
  std::optional<Comparison> comparison;  ///< none where heddle or the baseline does not offer it
};

/// Groups the series by operation, in their order. The series of one operation must be adjacent.
std::vector<Finding> findings_of(std::vector<Series> series);

}  // namespace heddle::bench
