// valgrind.hpp: what the shim says to Valgrind about itself.
//
// The requests are sequences of instructions that do nothing on a processor: the shim carries them
// always, and they cost a handful of instructions where they stand. See "The client request
// mechanism" in Valgrind's manual.
#pragma once

#include <valgrind/memcheck.h>

#include <cstddef>

namespace heddle::inject {

/// Says whether Valgrind runs this process, with any of its tools.
inline bool runs_under_valgrind() {
  return RUNNING_ON_VALGRIND != 0;
}

/// Tells memcheck that the kernel has written this memory. Valgrind knows what most system calls
/// write, but follows no pointer that lies in the argument of an ioctl.
inline void kernel_has_written(const void* address, std::size_t size) {
  static_cast<void>(VALGRIND_MAKE_MEM_DEFINED(address, size));
}

}  // namespace heddle::inject
