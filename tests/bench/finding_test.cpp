// What the benchmark makes of its figures.
#include "impl/bench/finding.hpp"
#include "support/catch.hpp"

using heddle::bench::findings_of;
using heddle::bench::Operation;
using heddle::bench::Place;
using heddle::bench::spread_of;

namespace {

const Operation operation{"operation", Place::one_cpu, nullptr, "rust", 1.5};

}  // namespace

TEST_CASE("the median and the quartiles may lie between two values") {
  const auto spread = spread_of({4, 1, 3, 2});
  CHECK(spread.low == 1.75);
  CHECK(spread.median == 2.5);
  CHECK(spread.high == 3.25);
}

TEST_CASE("ratios are taken round by round") {
  // The second round was slow for both. The ratio of the medians would be 21 / 12.
  const auto findings =
      findings_of({{&operation, "heddle", {2, 40}}, {&operation, "rust", {4, 20}}});
  REQUIRE(findings.size() == 1);
  REQUIRE(findings[0].comparison);
  CHECK(findings[0].comparison->ratio.median == 1.25);
}

TEST_CASE("a target is missed by what is above it") {
  const auto at = findings_of({{&operation, "heddle", {3}}, {&operation, "rust", {2}}});
  const auto above = findings_of({{&operation, "heddle", {4}}, {&operation, "rust", {2}}});
  CHECK(at.at(0).comparison->met());
  CHECK_FALSE(above.at(0).comparison->met());
}

TEST_CASE("without the baseline nothing is compared") {
  const auto findings = findings_of({{&operation, "heddle", {3}}, {&operation, "libstdc++", {2}}});
  CHECK_FALSE(findings.at(0).comparison);
}
