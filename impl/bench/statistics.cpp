#include "statistics.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace heddle::bench {
namespace {

// Returns a quantile, interpolated between two values where it falls between them.
double quantile(const std::vector<double>& sorted, double fraction) {
  const double position = fraction * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(position);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return std::lerp(sorted[below], sorted[above], position - static_cast<double>(below));
}

}  // namespace

Spread spread_of(std::vector<double> sample) {
  std::sort(sample.begin(), sample.end());
  return {quantile(sample, 0.25), quantile(sample, 0.5), quantile(sample, 0.75)};
}

Spread paired_ratios(const std::vector<double>& numerators,
                     const std::vector<double>& denominators) {
  std::vector<double> ratios;
  for (std::size_t i = 0; i < numerators.size(); ++i) {
    ratios.push_back(numerators[i] / denominators.at(i));
  }
  return spread_of(std::move(ratios));
}

}  // namespace heddle::bench
