// raw_layer.hpp: the raw layer, which decides on every system call of the process wherever it is
// made: inside libc, inline, by name or not.
//
// The kernel's Syscall User Dispatch turns each system call that is not made from the shim's own
// text into a SIGSYS for the thread that makes it. It is armed for each thread by itself; new
// threads and forked processes arm themselves before anything else (departures.S).
#pragma once

namespace heddle::inject {

/// Starts the layer and arms the calling thread; start-up's last step, when the block asks for it.
/// Where that is not possible (the kernel has no such dispatch, or the process runs under Valgrind)
/// it ends the process with raw_refused and a message of one line. errno stays.
void start_raw_layer();

/// Status of a process in which the raw layer was asked for and cannot be had.
constexpr int raw_refused = 2;

}  // namespace heddle::inject
