// Where an overflow of the calling thread's stack is noticed.
#pragma once

#include <optional>

#include "heddle/sys/stack_guard.hpp"

namespace heddle::thread {

/// The addresses of which a fault is reported as an overflow of the calling thread's stack. None
/// where overflows are not reported: before runtime::init, on threads that the runtime did not
/// start, where the system refused what it takes, and late in the thread's destruction.
std::optional<sys::Guard> stack_guard() noexcept;

}  // namespace heddle::thread
