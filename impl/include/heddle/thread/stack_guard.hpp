// The addresses by which an overflow of the calling thread's stack is recognised.
#pragma once

#include <optional>

#include "heddle/sys/stack_guard.hpp"

namespace heddle::thread {

/// Returns the range of addresses in which a fault is reported as an overflow of the calling
/// thread's stack. Returns nothing where overflows are not reported: before runtime::init(), on
/// threads that the runtime did not start, where the system refused the means, and late in a
/// thread's destruction.
std::optional<sys::Guard> stack_guard() noexcept;

}  // namespace heddle::thread
