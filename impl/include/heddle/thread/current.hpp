// The calling thread.
#pragma once

#include "heddle/panic/panic.hpp"
#include "heddle/thread/thread.hpp"

namespace heddle::thread {

/// The calling thread's handle; made now, without a name, for a thread that the runtime did not
/// start. Works in destructors of thread locals. Panics when the thread's own information has been
/// destroyed (in destructors of pthread keys, in atexit handlers).
///
/// Lent rather than counted, unlike Rust's: copy it to hand it to another thread, or to keep it
/// until after the destructors of the calling one's thread locals.
const Thread& current();

/// Whether the calling thread is panicking.
using panic::panicking;

}  // namespace heddle::thread
