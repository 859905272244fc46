// The operations that are measured, with their targets.
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

/// The CPUs on which the measuring process may run. One CPU never idles during a measurement, so
/// the time is the process's CPU time, and other processes do not count. On two CPUs it is real
/// time, and waking an idle CPU is part of it.
enum class Place { one_cpu, two_cpus };

/// Does an operation `iterations` times.
using Batch = std::function<void(std::size_t iterations)>;

struct Operation {
  std::string_view name;
  Place place;
  /// Returns what to measure of a contender; empty if it does not offer the operation.
  Batch (*batch)(const Loops& of);
  /// The contender that heddle is compared with.
  std::string_view baseline;
  /// The longest time that heddle may take, as a multiple of the baseline's.
  std::optional<double> target;
};

const std::vector<Operation>& operations();

}  // namespace heddle::bench
