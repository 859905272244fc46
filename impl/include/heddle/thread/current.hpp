// The calling thread.
#pragma once

#include "heddle/panic/panic.hpp"
#include "heddle/thread/thread.hpp"

namespace heddle::thread {

/// Returns the calling thread's handle. A thread that the runtime did not start gets one now,
/// without a name. Works in destructors of thread locals. Panics once the thread's own information
/// has been destroyed: in destructors of pthread keys, and in atexit handlers.
///
/// Unlike in Rust, the handle is lent. Copy it to hand it to another thread, or to keep it beyond
/// the destructors of the calling thread's locals.
const Thread& current();

/// Returns whether the calling thread is panicking.
using panic::panicking;

}  // namespace heddle::thread
