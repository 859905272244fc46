// Medians, and how far apart the values around them are.
#pragma once

#include <vector>

namespace heddle::bench {

/// The middle of a sample, and the two quartiles: half of the sample lies between them.
struct Spread {
  double low;
  double median;
  double high;
};

/// The sample must not be empty.
Spread spread_of(std::vector<double> sample);

/// The ratios numerators[i] / denominators[i]: what happened to the machine in one round happened
/// to both, and cancels out. Equally many, and not none.
Spread paired_ratios(const std::vector<double>& numerators,
                     const std::vector<double>& denominators);

}  // namespace heddle::bench
