// Sleeping.
#pragma once

#include "heddle/duration.hpp"

namespace heddle::sys {

/// Blocks the calling thread for at least `span`, whatever signals arrive. Zero makes no call.
void sleep(Duration span);

}  // namespace heddle::sys
