// The calling thread's information about itself.
#pragma once

#include <optional>

#include "heddle/sys/stack_guard.hpp"
#include "heddle/thread/thread.hpp"

namespace heddle::thread {

/// Returns the calling thread's handle. A thread that the runtime did not start gets one now,
/// without a name. Returns null if the thread has gone too far in its destruction. Valid until the
/// thread's information is destroyed, after all thread locals that were first used later.
const Thread* thread_info();

/// Returns the calling thread's handle if it has one, else null.
const Thread* thread_info_if_set() noexcept;

/// Gives the calling thread its guard and its handle. Call it first in a thread's life: if the
/// thread has them already, the runtime is broken, and this is fatal.
void set_thread_info(std::optional<sys::Guard> stack_guard, Thread thread);

}  // namespace heddle::thread
