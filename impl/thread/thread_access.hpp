// The runtime's own access to a thread's handle, beyond what its holders have.
#pragma once

#include "heddle/thread/thread.hpp"

namespace heddle::thread {

/// Tells the kernel the name of the calling thread, if `thread` has one.
void name_current_thread(const Thread& thread);

/// Returns the thread's parker, which lives as long as any handle. Only the thread itself may park
/// with it.
Parker& parker_of(const Thread& thread) noexcept;

}  // namespace heddle::thread
