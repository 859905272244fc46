#include "finding.hpp"

#include <algorithm>

namespace heddle::bench {
namespace {

const Series* by(std::string_view contender, const Finding& finding) {
  const auto found =
      std::find_if(finding.series.begin(), finding.series.end(),
                   [&](const Series& series) { return series.contender == contender; });
  return found == finding.series.end() ? nullptr : &*found;
}

std::optional<Comparison> compare(const Finding& finding) {
  const Series* const heddle = by("heddle", finding);
  const Series* const baseline = by(finding.operation->baseline, finding);
  if (heddle == nullptr || baseline == nullptr) {
    return std::nullopt;
  }
  return Comparison{paired_ratios(heddle->times_ns, baseline->times_ns), finding.operation->target};
}

}  // namespace

std::vector<Finding> findings_of(std::vector<Series> series) {
  std::vector<Finding> findings;
  for (Series& one : series) {
    if (findings.empty() || findings.back().operation != one.operation) {
      findings.push_back({one.operation, {}, {}});
    }
    findings.back().series.push_back(std::move(one));
  }
  for (Finding& finding : findings) {
    finding.comparison = compare(finding);
  }
  return findings;
}

}  // namespace heddle::bench
