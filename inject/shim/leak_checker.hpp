// leak_checker.hpp: LeakSanitizer's run-time library, if it is loaded: the driver preloads it to
// find leaks of the heap.
//
// Its own calls are none of the program's: they are passed on, neither counted nor failed. It ends
// the process when one of them fails.
#pragma once

#include <cstddef>

#include "call.hpp"
#include "code_address.hpp"

namespace heddle::inject {

/// Looks for the library. Called once, by start-up, after set_up_modules.
void find_leak_checker();

// Constant-initialised where it is defined, which the check cannot see from a declaration.
// NOLINTNEXTLINE(bugprone-dynamic-static-initializers)
extern constinit const Module* leak_checker;

/// Has the library look for pointers in memory that the program has mapped, as long as it stays
/// mapped. The library itself looks only in variables, stacks and blocks of the heap: a block that
/// a program reaches by mapped memory alone is not lost. `memory` may be MAP_FAILED. `caller` is
/// the return address of the call that mapped it: what the library maps for itself, while it holds
/// its own locks, is left out.
void look_in_mapping(const void* caller, void* memory, std::size_t size, int protection);

/// Says whether the library itself makes the call.
inline bool is_leak_checkers_own(const Call& call) {
  return leak_checker != nullptr && look_up(call.return_address).module == leak_checker;
}

}  // namespace heddle::inject
