// The call of the panic hook.
#pragma once

#include "heddle/panic/location.hpp"
#include "heddle/panic/payload.hpp"

namespace heddle::panic {

/// Calls the process's panic hook, without holding a lock. A panic in the hook aborts where it
/// begins; any other exception out of the hook ends the process as C++ does.
void run_hook(const Payload& payload, Location location) noexcept;

}  // namespace heddle::panic
