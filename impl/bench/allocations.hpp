// Counting what is allocated on the heap.
#pragma once

#include <cstddef>

namespace heddle::bench {

struct Allocations {
  std::size_t calls;
  std::size_t bytes;
};

/// All that the process has allocated while counting was on, by whichever library.
Allocations allocations() noexcept;

/// Off at first: the benchmarks are not to pay for it.
void count_allocations(bool on) noexcept;

}  // namespace heddle::bench
