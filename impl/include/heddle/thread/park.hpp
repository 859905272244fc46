// Blocking until somebody says otherwise.
#pragma once

#include "heddle/duration.hpp"

namespace heddle::thread {

/// Blocks until another thread (or this one, before) calls unpark() on the calling thread's handle.
/// One call consumes what any number of unparks before it left. Panics where current() does.
void park();

/// The same for at most about that long; also returns earlier, for no reason, at times. A time that
/// the clock cannot reach means no limit.
void park_timeout(Duration timeout);

}  // namespace heddle::thread
