// The guard at the end of a thread's stack.
#pragma once

#include <cstdint>
#include <optional>

namespace heddle::sys {

/// The addresses from `begin` up to, but without, `end`: a fault there is a stack overflow.
struct Guard {
  std::uintptr_t begin = 0;
  std::uintptr_t end = 0;

  bool contains(std::uintptr_t address) const noexcept { return begin <= address && address < end; }
};

namespace guard {

/// Returns the main thread's guard. Call it on the main thread. The kernel lets this stack grow
/// down to the limit in force at the time of this call, so the guard is the page below, and nothing
/// needs to be mapped. Returns nothing if libc cannot tell, whatever its errno: ENOMEM, or an error
/// from reading /proc.
std::optional<Guard> init();

/// Returns the guard of the calling thread, which the runtime has started. The range reaches one
/// guard's size to either side of the end that libc gives for the stack: older versions of glibc
/// include the guard in the stack, newer ones do not. Returns nothing if libc cannot tell (ENOMEM),
/// or if the thread has no guard.
std::optional<Guard> current();

}  // namespace guard
}  // namespace heddle::sys
