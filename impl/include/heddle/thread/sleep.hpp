// Letting time pass.
#pragma once

#include "heddle/duration.hpp"

namespace heddle::thread {

/// Blocks the calling thread for at least this long, whatever signals and unparks arrive. Of any
/// length; zero returns at once.
void sleep(Duration duration);

/// Lets other threads run first.
void yield_now();

}  // namespace heddle::thread
