// Parking: blocking the calling thread until it is unparked.
#pragma once

#include "heddle/duration.hpp"

namespace heddle::thread {

/// Blocks until unpark() is called on the calling thread's handle, or returns at once if it has
/// been called already. One park consumes all earlier unparks. Panics where current() does.
void park();

/// Blocks likewise, but for about `timeout` at most. May return earlier for no reason. A time that
/// the clock cannot reach means no limit.
void park_timeout(Duration timeout);

}  // namespace heddle::thread
