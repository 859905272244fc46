// Counts of what is allocated on the heap.
#pragma once

#include <cstddef>

namespace heddle::bench {

struct Allocations {
  std::size_t calls;
  std::size_t bytes;
};

/// Returns what the process has allocated while counting was on, in all libraries together.
Allocations allocations() noexcept;

/// Turns counting on or off. It is off at first, so that the benchmarks do not pay for it.
void count_allocations(bool on) noexcept;

}  // namespace heddle::bench
