// Panics: includes all of heddle::panic.
#pragma once

#include "heddle/panic/catch_unwind.hpp"  // IWYU pragma: export
#include "heddle/panic/hook.hpp"          // IWYU pragma: export
#include "heddle/panic/location.hpp"      // IWYU pragma: export
#include "heddle/panic/panic.hpp"         // IWYU pragma: export
#include "heddle/panic/payload.hpp"       // IWYU pragma: export
