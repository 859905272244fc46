#include "table.hpp"

#include <fmt/core.h>

#include <cmath>
#include <cstdio>

namespace heddle::inject::bench {
namespace {

std::string quantity(double number, const std::string& unit) {
  return fmt::format("{:.{}f} {}", number, std::abs(number) < 10 ? 2 : 0, unit);
}

}  // namespace

void print_heading() {
  fmt::print("{:<52}{:>14}{:>16}{:>8}\n", "", "measured", "target", "ratio");
}

void print_line(const std::string& what, double measured, const std::string& unit, Bound bound,
                double target) {
  const bool met = bound == Bound::at_most ? measured <= target : measured >= target;
  fmt::print("{:<52}{:>14}{:>16}{:>8.2f} {}\n", what, quantity(measured, unit),
             fmt::format("{} {:g} {}", bound == Bound::at_most ? "<=" : ">=", target, unit),
             measured / target, met ? "" : "missed");
  std::fflush(stdout);
}

void print_line(const std::string& what, double measured, const std::string& unit) {
  fmt::print("{:<52}{:>14}\n", what, quantity(measured, unit));
  std::fflush(stdout);
}

void print_missing(const std::string& what, const std::string& tool) {
  fmt::print("{:<52}{:>14}\n", what, "no " + tool);
}

}  // namespace heddle::inject::bench
