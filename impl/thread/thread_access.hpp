// What the runtime does with a thread's handle that its holders cannot.
#pragma once

#include "heddle/thread/thread.hpp"

namespace heddle::thread {

/// Tells the kernel the name of the calling thread, if `thread` has one.
void name_current_thread(const Thread& thread);

/// The thread's parker; only the thread itself may park with it. Lives as long as a handle does.
Parker& parker_of(const Thread& thread) noexcept;

}  // namespace heddle::thread
