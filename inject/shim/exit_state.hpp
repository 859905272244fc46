// exit_state.hpp: what the process still holds when it ends, for those who look for leaks.
#pragma once

#include <heddle/inject_record.h>

#include "call.hpp"

namespace heddle::inject {

/// Has the record's exit state filled in when this process ends by exit() or returns from main, if
/// it is the record's observed process, or that is 0 still. The record stays mapped for as long as
/// the process lives. Called once, by start-up.
void observe_exit(heddle_inject_record& record);

/// The mapping with this address is libc's to keep, such as a thread's stack, which it puts by for
/// the next thread: it is not the program's to leak. Async-signal-safe.
void note_kept_memory(const void* address);

/// The call is made to fail: what it asked for without its counting as mapped may be mapped in
/// another way now. Async-signal-safe.
void note_refused_memory(const Call& call);

}  // namespace heddle::inject
