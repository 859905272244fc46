// unwinder.hpp: call stacks by libunwind, for code without frame pointers; only when a plan asks.
//
// libunwind is loaded then and not before, because it does not come without traces: it keeps a pipe
// open, takes the process's first pthread key, maps memory, and changes signal masks on each
// thread's first unwinding.
#pragma once

#include <span>

#include "call.hpp"
#include "code_address.hpp"

namespace heddle::inject {

/// Loads libunwind out of the program's sight, and lets it open its pipe where no descriptor of the
/// program is likely to be: it writes into the pipe to try memory, and would go on writing into
/// whatever the program, having closed all descriptors, opened under that number. Ends the process
/// with a message when there is no libunwind. Called once, by start-up.
void set_up_unwinder();

// Constant-initialised where it is defined, which the check cannot see from a declaration.
// NOLINTNEXTLINE(bugprone-dynamic-static-initializers)
extern constinit const Module* libunwind;

/// Whether set_up_unwinder has been called.
inline bool unwinds_stacks() {
  return libunwind != nullptr;
}

/// Whether libunwind itself makes the call: it returns memory when a thread ends.
inline bool is_unwinders_own(const Call& call) {
  return unwinds_stacks() && look_up(call.return_address).module == libunwind;
}

/// Whether libunwind has room on the stack that this frame lies on. It takes several KiB, more than
/// an alternate signal stack may have left. Async-signal-safe; errno stays.
bool has_room_to_unwind(const void* frame);

/// Return addresses from `return_address` on into `frames`, as many as fit, and returns how many;
/// 0 when that address is not on the stack. The thread's own calls meanwhile, such as libunwind's
/// mmap, are passed on uncounted. Async-signal-safe; errno stays.
unsigned unwind(const void* return_address, std::span<const void*> frames);

}  // namespace heddle::inject
