// cancellation.hpp: libc's pthread_cancel of a thread that waits in a thunk.
#pragma once

#include "../signals.hpp"

namespace heddle::inject {

/// Puts the shim's handler before libc's in an action for libc's cancellation signal. From glibc
/// 2.41 on, libc's handler acts only if the interrupted thread is about to make the system call, by
/// its address, in libc's own code (nptl/pthread_cancel.c: cancellation_pc_check). So the shim's
/// handler shows it the place from which the thread came to the thunk. Returns whether it changed
/// the action. Any thread, async-signal-safe.
bool show_places_to_cancellation(long signal, KernelSignalAction& action);

}  // namespace heddle::inject
