/* departures.hpp: how a trapped system call is made after all.
 *
 * Not from the signal handler that has caught it: there it would run on the handler's mask and
 * stack, fork would copy a frame that another thread's return frees, and a clone with a stack of
 * its own would come back where there is no frame at all. Instead the handler lets the interrupted
 * code go on in a *thunk*, a system call instruction of the shim's own that the kernel lets
 * through, followed by a jump to where the interrupted code continues. Every register, the stack
 * and the mask are then as the program has them, whatever the call does. The kernel leaves no
 * register in which the way back could be kept, so each place that makes system calls has a thunk
 * of its own.
 */
#pragma once

/* How many places in the process can make such calls. A C library has some 600. */
#define HEDDLE_INJECT_CALL_SITES 4096
#define HEDDLE_INJECT_COMPATIBLE_CALL_SITES 64
#define HEDDLE_INJECT_SPAWN_SITES 64

#ifndef __ASSEMBLER__

#include <cstdint>

namespace heddle::inject {

enum class Departure {
  call,             // syscall
  compatible_call,  // int $0x80, the 32-bit interface
  spawn             // syscall, after which a new thread or process arms itself
};

/// The thunk from which the code that continues at `target` makes its system call; always the same
/// for the same target. Any thread, async-signal-safe. Ends the process with a message when there
/// are more places than thunks.
std::uintptr_t thunk_for(Departure departure, std::uintptr_t target);

}  // namespace heddle::inject

#endif
