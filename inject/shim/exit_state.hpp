// exit_state.hpp: what the process still holds when it ends, for the judgement of leaks.
#pragma once

#include <heddle/inject_record.h>

#include "call.hpp"

namespace heddle::inject {

/// Has the record's exit state filled in when this process ends by exit() or returns from main,
/// provided that the record's observed process is this one or still 0. The record must stay mapped
/// until the process ends. Called once, by start-up.
void observe_exit(heddle_inject_record& record);

/// Notes that libc keeps the mapping with this address, such as the stack of a thread that libc
/// puts by for the next thread: the program cannot leak it. Async-signal-safe.
void note_kept_memory(const void* address);

/// Call when a fault refuses memory that would not have counted as mapped (shared, file-backed,
/// reserved): private memory mapped in its place is no leak. Async-signal-safe.
void note_refused_memory(const Call& call);

}  // namespace heddle::inject
