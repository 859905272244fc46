// Telling the process that a panic starts.
#pragma once

#include "heddle/panic/location.hpp"
#include "heddle/panic/payload.hpp"

namespace heddle::panic {

/// Calls the process's panic hook. No lock is held while it runs. Panics of the hook never get this
/// far, and an exception of another kind ends the process as C++ does.
void run_hook(const Payload& payload, Location location) noexcept;

}  // namespace heddle::panic
