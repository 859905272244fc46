// Who called whom.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "heddle/result.hpp"

namespace heddle::sys {

struct StackFrame {
  std::uintptr_t address;  ///< where the function goes on when the call has returned
  std::string function;    ///< demangled; empty when its object file has no symbols
  std::uintptr_t offset;   ///< of the address in the function: large where symbols are missing
};

/// The calling thread's frames, innermost first, its own caller's among them; or why there are
/// none. Takes a tenth of a millisecond or more, and memory. Any thread.
///
/// libunwind walks them. It is loaded by the first call, and stays apart from everything else: were
/// it linked, its _Unwind_ functions would take the place of libgcc's, throwing would become slow,
/// and pthread_exit and cancellation would silently run no destructors.
Result<std::vector<StackFrame>, std::string> call_stack();

}  // namespace heddle::sys
