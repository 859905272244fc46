// new_thread.hpp: what the raw layer prepares for a new thread or process.
#pragma once

#include "../raw_system_call.hpp"

namespace heddle::inject {

/// Says whether the child of this system call can arm itself: true for fork, and for clone and
/// clone3 if the child has thread-local storage of its own that libc knows. False for all other
/// calls, and for the children of vfork and posix_spawn: they borrow their parent's storage, or
/// lack signal handlers, and soon execute another program. Gives a thread that pthread_create makes
/// its path.
bool prepare_child(long number, const SystemCallArguments& arguments);

}  // namespace heddle::inject
