#include "new_thread.hpp"

#include <sched.h>
#include <sys/syscall.h>

#include <bit>
#include <cstdint>

#include "../program_memory.hpp"
#include "../thread_state.hpp"
#include "processor.hpp"

namespace heddle::inject {
namespace {

/// clone3's structure in its first version; later versions only grow.
struct CloneRequest {
  std::uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size;
  std::uint64_t thread_local_storage;
};

/// Returns a thread's state, which lies at the same distance from every thread pointer.
ThreadState& state_of(std::uint64_t thread_pointer) {
  const auto own = std::bit_cast<std::uint64_t>(__builtin_thread_pointer());
  const auto state = std::bit_cast<std::uint64_t>(&thread_state);
  return *std::bit_cast<ThreadState*>(thread_pointer + (state - own));
}

/// clone3's flag for a child without signal handlers, hence without ours: its first trap would kill
/// it.
constexpr std::uint64_t clear_signal_handlers = UINT64_C(0x100000000);  // CLONE_CLEAR_SIGHAND

bool prepare_clone(std::uint64_t flags, std::uint64_t thread_pointer) {
  if ((flags & clear_signal_handlers) != 0) {
    return false;
  }
  if ((flags & CLONE_SETTLS) == 0) {
    return (flags & CLONE_VM) == 0;
  }
  if (!is_storage_of_libc(thread_pointer)) {
    return false;
  }
  if (thread_state.path_of_new_thread != nullptr) {
    state_of(thread_pointer).path = *thread_state.path_of_new_thread;
  }
  return true;
}

}  // namespace

bool prepare_child(long number, const SystemCallArguments& arguments) {
  switch (number) {
    case SYS_fork:
      return true;
    case SYS_clone:
      return prepare_clone(static_cast<std::uint64_t>(arguments[0]),
                           thread_pointer_for_clone(arguments));
    case SYS_clone3: {
      CloneRequest request{};
      return read_program_memory(request, arguments[0]) &&
             prepare_clone(request.flags, request.thread_local_storage);
    }
    default:
      return false;
  }
}

}  // namespace heddle::inject
