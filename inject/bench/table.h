// table.h: the printed table, a line for each figure.
#ifndef HEDDLE_INJECT_BENCH_TABLE_H
#define HEDDLE_INJECT_BENCH_TABLE_H

#include <string>

namespace heddle::inject::bench {

enum class Bound { kAtMost, kAtLeast };

void print_heading();

/// A figure with a target: both, their ratio, and whether it is met.
void print_line(const std::string& what, double measured, const std::string& unit, Bound bound,
                double target);

/// A figure that others are compared with.
void print_line(const std::string& what, double measured, const std::string& unit);

void print_missing(const std::string& what, const std::string& tool);

}  // namespace heddle::inject::bench

#endif
