// Counting what is asked of the kernel.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>

namespace heddle::bench {

struct SystemCalls {
  std::size_t calls;
  std::size_t mapped_bytes;  ///< the sum of mmap's lengths
};

/// Runs `function` in a child process and counts the calls of all its threads, those by which the
/// child itself begins and ends included. None where the process may not trace its child.
std::optional<SystemCalls> system_calls_of(const std::function<void()>& function);

}  // namespace heddle::bench
