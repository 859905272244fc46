// The last step of a panic.
#pragma once

#include "heddle/panic/payload.hpp"

namespace heddle::panic {

/// Throws the exception that carries the payload. The panic has been counted.
[[noreturn]] void throw_payload(Payload payload);

}  // namespace heddle::panic
