#include "new_thread.h"

#include <sched.h>
#include <sys/syscall.h>

#include <cstdint>

#include "program_memory.h"

namespace heddle::inject {
namespace {

/// clone3's structure as it was at first; later ones only grow.
struct CloneRequest {
  uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size;
  uint64_t thread_local_storage;
};

/// A thread's control block begins with its own address, twice. Storage that some other runtime has
/// set up has no place for ours.
struct ThreadControlBlock {
  uint64_t self, thread_vector, self_too;
};

bool is_storage_of_libc(uint64_t address) {
  ThreadControlBlock block{};
  return read_program_memory(block, static_cast<long>(address)) && block.self == address &&
         block.self_too == address;
}

bool can_arm_itself(uint64_t flags, uint64_t thread_local_storage) {
  if ((flags & CLONE_SETTLS) != 0) {
    return is_storage_of_libc(thread_local_storage);
  }
  return (flags & CLONE_VM) == 0;
}

}  // namespace

bool child_can_arm_itself(long number, const SystemCallArguments& arguments) {
  switch (number) {
    case SYS_fork:
      return true;
    case SYS_clone:
      return can_arm_itself(static_cast<uint64_t>(arguments[0]),
                            static_cast<uint64_t>(arguments[4]));
    case SYS_clone3: {
      CloneRequest request{};
      return read_program_memory(request, arguments[0]) &&
             can_arm_itself(request.flags, request.thread_local_storage);
    }
    default:
      return false;
  }
}

}  // namespace heddle::inject
