// Where the end of a thread's stack is.
#pragma once

#include <cstdint>
#include <optional>

namespace heddle::sys {

/// Addresses from `begin` up to, but without, `end`: a fault there is an overflow of the stack.
struct Guard {
  std::uintptr_t begin = 0;
  std::uintptr_t end = 0;

  bool contains(std::uintptr_t address) const noexcept { return begin <= address && address < end; }
};

namespace guard {

/// The main thread's guard; only for that thread. The kernel lets its stack grow down to the limit
/// in force when this is called, so the guard is the page below, and nothing needs to be mapped.
/// None when libc cannot tell, whatever its errno: ENOMEM, or what it got when it looked into
/// /proc.
std::optional<Guard> init();

/// The guard of the calling thread, which the runtime has started. It reaches one guard's size to
/// either side of where libc says that the stack ends: old versions count the guard to the stack,
/// newer ones do not. None when libc cannot tell (ENOMEM), or says that there is no guard.
std::optional<Guard> current();

}  // namespace guard
}  // namespace heddle::sys
