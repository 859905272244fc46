#include "classify.hpp"

#include <linux/futex.h>
#include <sys/syscall.h>

namespace heddle::inject {
namespace {

Classified futex_row(long operation) {
  switch (operation & FUTEX_CMD_MASK) {
    case FUTEX_WAIT:
    case FUTEX_WAIT_BITSET:
      return {HEDDLE_INJECT_FUTEX_WAIT, 0};
    case FUTEX_WAKE:
    case FUTEX_WAKE_BITSET:
      return {HEDDLE_INJECT_FUTEX_WAKE, 0};
    case FUTEX_REQUEUE:
    case FUTEX_CMP_REQUEUE:
    case FUTEX_CMP_REQUEUE_PI:
      return {HEDDLE_INJECT_FUTEX_REQUEUE, 0};
    case FUTEX_WAKE_OP:
      return {HEDDLE_INJECT_FUTEX_WAKE_OP, 0};
    case FUTEX_LOCK_PI:
    case FUTEX_LOCK_PI2:
    case FUTEX_TRYLOCK_PI:
    // Not futex.wait: this wait ends with the lock held, so a spurious 0 would be a lie.
    case FUTEX_WAIT_REQUEUE_PI:
      return {HEDDLE_INJECT_FUTEX_LOCK_PI, 0};
    case FUTEX_UNLOCK_PI:
      return {HEDDLE_INJECT_FUTEX_UNLOCK_PI, 0};
    default:
      return {HEDDLE_INJECT_SYSTEM_CALL, SYS_futex};
  }
}

}  // namespace

Classified classify(long number, const SystemCallArguments& arguments) {
  switch (number) {
    case SYS_prctl:
      return {HEDDLE_INJECT_PRCTL, 0};
    case SYS_mmap:
      return {HEDDLE_INJECT_MMAP, 0};
    case SYS_mprotect:
      return {HEDDLE_INJECT_MPROTECT, 0};
    case SYS_munmap:
      return {HEDDLE_INJECT_MUNMAP, 0};
    case SYS_mremap:
      return {HEDDLE_INJECT_MREMAP, 0};
    case SYS_madvise:
      return {HEDDLE_INJECT_MADVISE, 0};
    case SYS_sigaltstack:
      return {HEDDLE_INJECT_SIGALTSTACK, 0};
    case SYS_rt_sigaction:
      return {HEDDLE_INJECT_SIGACTION, 0};
    case SYS_nanosleep:
      return {HEDDLE_INJECT_NANOSLEEP, 0};
    case SYS_clock_nanosleep:
      return {HEDDLE_INJECT_CLOCK_NANOSLEEP, 0};
    case SYS_sched_yield:
      return {HEDDLE_INJECT_SCHED_YIELD, 0};
    case SYS_futex:
      return futex_row(arguments[1]);
    case SYS_fork:
      return {HEDDLE_INJECT_FORK, 0};
    case SYS_clone:
      return {HEDDLE_INJECT_CLONE, 0};
    case SYS_clone3:
      return {HEDDLE_INJECT_CLONE3, 0};
    case SYS_set_robust_list:
      return {HEDDLE_INJECT_SET_ROBUST_LIST, 0};
    case SYS_rt_sigprocmask:
      return {HEDDLE_INJECT_RT_SIGPROCMASK, 0};
    default:
      return {HEDDLE_INJECT_SYSTEM_CALL, static_cast<std::uint32_t>(number)};
  }
}

}  // namespace heddle::inject
