// raw_layer.hpp: the raw layer, which decides on every system call of the process, wherever it is
// made: inside libc, inline, by name or not.
//
// The kernel's Syscall User Dispatch turns each system call from outside the shim's own code into a
// SIGSYS for the thread that makes it. Each thread is armed by itself. New threads and forked
// processes arm themselves before anything else (the processor's departures.S).
#pragma once

namespace heddle::inject {

/// Starts the layer and arms the calling thread: start-up's last step, when the block asks for it.
/// If the kernel has no such dispatch, or the process runs under Valgrind, ends the process with
/// raw_refused and a message of one line. errno stays.
void start_raw_layer();

/// The status of a process whose plan asks for a raw layer that is not available.
constexpr int raw_refused = 2;

}  // namespace heddle::inject
