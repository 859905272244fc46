// Counts of the system calls that a function makes.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>

namespace heddle::bench {

struct SystemCalls {
  std::size_t calls;
  std::size_t mapped_bytes;  ///< the sum of mmap's lengths
};

/// Runs `function` in a child process and counts the calls of all its threads, including those by
/// which the child begins and ends. Returns nothing where the process may not trace its child.
std::optional<SystemCalls> system_calls_of(const std::function<void()>& function);

}  // namespace heddle::bench
