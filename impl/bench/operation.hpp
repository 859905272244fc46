// What is measured, and what is aimed at.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "contenders/loops.hpp"

namespace heddle::bench {

struct Contender {
  std::string_view name;
  const Loops* loops;
};

/// Where the measuring process may run. On one CPU nothing idles, so that its CPU time is all there
/// is to measure, and other processes do not count; on two, waking an idle CPU is part of the time.
enum class Place { one_cpu, two_cpus };

/// Does an operation so many times.
using Batch = std::function<void(std::size_t iterations)>;

struct Operation {
  std::string_view name;
  Place place;
  /// What to measure of a contender; empty where it does not offer the operation.
  Batch (*batch)(const Loops& of);
  /// The contender that heddle is compared to.
  std::string_view baseline;
  /// The most that heddle's time may be, as a multiple of the baseline's.
  std::optional<double> target;
};

const std::vector<Operation>& operations();

}  // namespace heddle::bench
