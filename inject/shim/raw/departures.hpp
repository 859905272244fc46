/* departures.hpp: the thunks by which trapped system calls are made after all.
 *
 * The signal handler does not make the call itself: the call would run on the handler's mask and
 * stack, fork would copy a frame that another thread's return frees, and a clone with a stack of
 * its own would return where there is no frame at all. Instead the handler lets the interrupted
 * code go on in a *thunk*: a system call instruction in the shim's code, which the kernel lets
 * through, and a jump to where the interrupted code continues. So registers, stack and mask are the
 * program's, whatever the call does. No register is free to hold the way back, so each place that
 * makes system calls has a thunk of its own.
 */
#pragma once

/* How many places in the process can make system calls. A C library has some 600. */
#define HEDDLE_INJECT_CALL_SITES 4096
#define HEDDLE_INJECT_COMPATIBLE_CALL_SITES 64
#define HEDDLE_INJECT_SPAWN_SITES 64

#ifndef __ASSEMBLER__

#include <cstdint>

namespace heddle::inject {

enum class Departure {
  call,
  compatible_call,  // by an older interface, with numbers of its own
  spawn             // a call after which a new thread or process arms itself
};

/// Returns the thunk for the code that continues at `target`; always the same for one target. Any
/// thread, async-signal-safe. Ends the process with a message when there are more places than
/// thunks.
std::uintptr_t thunk_for(Departure departure, std::uintptr_t target);

/// Returns the address in the program's own code that stands for `address` in a thunk for a call:
/// the system call instruction itself if the thread is about to make the call, and otherwise the
/// instruction behind it. 0 for an address outside of these thunks. Any thread, async-signal-safe.
std::uintptr_t place_of_thunk(std::uintptr_t address);

}  // namespace heddle::inject

#endif
