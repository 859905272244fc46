// Sleeping and yielding.
#pragma once

#include "heddle/duration.hpp"

namespace heddle::thread {

/// Blocks the calling thread for at least `duration`, whatever signals and unparks arrive. Any
/// length is allowed; zero returns at once.
void sleep(Duration duration);

/// Lets other threads run first.
void yield_now();

}  // namespace heddle::thread
