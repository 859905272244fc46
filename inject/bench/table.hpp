// table.hpp: the printed table, a line for each figure.
#pragma once

#include <string>

namespace heddle::inject::bench {

enum class Bound { at_most, at_least };

void print_heading();

/// Prints a figure with its target, their ratio, and whether the target is met.
void print_line(const std::string& what, double measured, const std::string& unit, Bound bound,
                double target);

/// Prints a figure with which others are compared.
void print_line(const std::string& what, double measured, const std::string& unit);

void print_missing(const std::string& what, const std::string& tool);

}  // namespace heddle::inject::bench
