// valgrind.hpp: what the shim says to Valgrind about itself.
//
// The requests are sequences of instructions that do nothing on a processor: the shim carries them
// always, and they cost a handful of instructions where they stand. See "The client request
// mechanism" in Valgrind's manual.
#pragma once

#include <valgrind/memcheck.h>

#include <cstddef>

namespace heddle::inject {

/// Whether Valgrind runs this process, with any of its tools. Set by start-up; false until then.
inline constinit bool under_valgrind = false;

/// Asks Valgrind itself.
inline bool runs_under_valgrind() {
  return RUNNING_ON_VALGRIND != 0;
}

/// Tells memcheck that this memory of the shim's has a value: one that the kernel has written,
/// where Valgrind follows no pointer inside an ioctl's argument, or one that is a guess anyway.
inline void declare_written(const void* address, std::size_t size) {
  static_cast<void>(VALGRIND_MAKE_MEM_DEFINED(address, size));
}

}  // namespace heddle::inject
