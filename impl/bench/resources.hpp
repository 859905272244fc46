// The resources that a thread costs, besides time.
#pragma once

#include <cstddef>
#include <optional>

#include "contenders/loops.hpp"

namespace heddle::bench {

/// The resources of one spawn and join, on average, in a process that has done some before.
struct Resources {
  double allocations;  ///< calls of malloc and its like
  double allocated_bytes;
  double page_faults;                  ///< minor ones
  std::optional<double> system_calls;  ///< none where tracing is forbidden
  std::optional<double> mapped_bytes;  ///< by mmap
};

Resources resources_of(Loop spawn_join, std::size_t iterations);

}  // namespace heddle::bench
