// What the calling thread knows about itself.
#pragma once

#include <optional>

#include "heddle/sys/stack_guard.hpp"
#include "heddle/thread/thread.hpp"

namespace heddle::thread {

/// The calling thread's handle, made now, without a name, if the runtime did not start the thread.
/// Null when the thread has gone too far in its destruction. Valid until the thread's information
/// is destroyed, which is after all thread locals that were first used later.
const Thread* thread_info();

/// The same, but null rather than made now.
const Thread* thread_info_if_set() noexcept;

/// Gives the calling thread its guard and its handle. Must come first in a thread's life: a thread
/// that has them already is a broken runtime, and fatal.
void set_thread_info(std::optional<sys::Guard> stack_guard, Thread thread);

}  // namespace heddle::thread
