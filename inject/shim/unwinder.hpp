// unwinder.hpp: call stacks by libunwind, for code without frame pointers; only when a plan asks.
//
// libunwind is loaded only then, because it leaves traces: it keeps a pipe open, takes the
// process's first pthread key, maps memory, and changes signal masks when a thread is first
// unwound.
#pragma once

#include <span>

#include "call.hpp"
#include "code_address.hpp"

namespace heddle::inject {

/// Loads libunwind out of the program's sight, and has it open its pipe at a number that the
/// program hardly uses. libunwind writes into the pipe to test memory: if the program closed all
/// descriptors and opened a file under that number, libunwind would write into the file. Ends the
/// process with a message if libunwind is missing. Called once, by start-up.
void set_up_unwinder();

// Constant-initialised where it is defined, which the check cannot see from a declaration.
// NOLINTNEXTLINE(bugprone-dynamic-static-initializers)
extern constinit const Module* libunwind;

/// Says whether set_up_unwinder has been called.
inline bool unwinds_stacks() {
  return libunwind != nullptr;
}

/// Says whether libunwind itself makes the call, as it does at a thread's end to return memory.
inline bool is_unwinders_own(const Call& call) {
  return unwinds_stacks() && look_up(call.return_address).module == libunwind;
}

/// Says whether libunwind has room on the stack of this frame. It takes several KiB, more than an
/// alternate signal stack may have left. Async-signal-safe; errno stays.
bool has_room_to_unwind(const void* frame);

/// Stores the return addresses from `return_address` on in `frames`, as many as fit, and returns
/// their number; 0 when that address is not on the stack. Calls that the thread makes meanwhile,
/// such as libunwind's mmap, are passed on uncounted. Async-signal-safe; errno stays.
unsigned unwind(const void* return_address, std::span<const void*> frames);

}  // namespace heddle::inject
