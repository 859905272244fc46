// new_thread.h: whether the thread or process that a system call makes can arm itself.
#ifndef HEDDLE_INJECT_SHIM_RAW_NEW_THREAD_H
#define HEDDLE_INJECT_SHIM_RAW_NEW_THREAD_H

#include "../raw_system_call.h"

namespace heddle::inject {

/// True for fork, and for clone and clone3 when what they make has thread-local storage of its own
/// that libc knows. False for all other calls; and for the children of vfork and posix_spawn, which
/// borrow their parent's storage and soon execute another program.
bool child_can_arm_itself(long number, const SystemCallArguments& arguments);

}  // namespace heddle::inject

#endif
