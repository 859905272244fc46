// The calling thread's stack, frame by frame.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "heddle/result.hpp"

namespace heddle::sys {

struct StackFrame {
  std::uintptr_t address;  ///< where the function goes on after its call has returned
  std::string function;    ///< demangled; empty if its object file has no symbols
  std::uintptr_t offset;   ///< distance from the function's start; large where symbols are missing
};

/// Returns the calling thread's frames, innermost first, from the caller's on; or a reason why
/// there are none. Takes a tenth of a millisecond or more, and memory. Can be called on any thread.
///
/// libunwind walks the stack. The first call loads it, apart from the rest of the process. If it
/// were linked, its _Unwind_ functions would replace libgcc's: throwing would become slow, and
/// pthread_exit and cancellation would silently skip destructors.
Result<std::vector<StackFrame>, std::string> call_stack();

}  // namespace heddle::sys
