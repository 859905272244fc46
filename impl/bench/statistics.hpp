// Medians, and the spread of the values around them.
#pragma once

#include <vector>

namespace heddle::bench {

/// The median of a sample and its two quartiles, between which half of the sample lies.
struct Spread {
  double low;
  double median;
  double high;
};

/// Returns the spread of a sample, which must not be empty.
Spread spread_of(std::vector<double> sample);

/// Returns the spread of the ratios numerators[i] / denominators[i]. What happened to the machine
/// in one round happened to both, and cancels out. There must be equally many of both, at least
/// one.
Spread paired_ratios(const std::vector<double>& numerators,
                     const std::vector<double>& denominators);

}  // namespace heddle::bench
