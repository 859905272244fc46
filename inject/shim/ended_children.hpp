// ended_children.hpp: the children that crash, for the record: their parents may hide it.
#pragma once

#include <sys/types.h>

namespace heddle::inject {

/// Enters this process into the record, if there is one, under the calling thread's path. For a new
/// process: after a fork, and at start-up. Async-signal-safe.
void enter_process();

/// Enters the child into the record if its wait status says that it crashed. `child` is -1 if its
/// id is unknown. Does nothing without a record. Async-signal-safe; errno stays.
void note_wait_status(pid_t child, int wait_status);

}  // namespace heddle::inject
