// Telling the process that a panic starts.
#pragma once

#include "heddle/panic/location.hpp"
#include "heddle/panic/payload.hpp"

namespace heddle::panic {

/// Calls the process's panic hook. No lock is held while it runs.
void run_hook(const Payload& payload, Location location);

}  // namespace heddle::panic
