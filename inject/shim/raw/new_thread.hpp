// new_thread.hpp: what the raw layer does about a thread or process before it exists.
#pragma once

#include "../raw_system_call.hpp"

namespace heddle::inject {

/// Whether what this system call makes can arm itself: true for fork, and for clone and clone3 when
/// the child has thread-local storage of its own that libc knows. False for all other calls; and
/// for the children of vfork and posix_spawn, which borrow their parent's storage, or come without
/// signal handlers, and soon execute another program. A thread that pthread_create makes gets its
/// path here.
bool prepare_child(long number, const SystemCallArguments& arguments);

}  // namespace heddle::inject
