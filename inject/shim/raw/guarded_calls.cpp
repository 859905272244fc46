#include "guarded_calls.hpp"

#include <sys/prctl.h>
#include <sys/syscall.h>

#include <atomic>
#include <bit>
#include <cerrno>
#include <optional>

#include "../fatal.hpp"
#include "../program_memory.hpp"
#include "signal_actions.hpp"

namespace heddle::inject {
namespace {

/// Returns the set at `address` if it is readable and contains the trap signal.
std::optional<SignalSet> set_with_trap_signal(long address, long size) {
  SignalSet set = 0;
  const bool blocks_traps = address != 0 && size == sizeof(SignalSet) &&
                            read_program_memory(set, address) && (set & trap_signal) != 0;
  return blocks_traps ? std::optional(set) : std::nullopt;
}

/// Makes rt_sigprocmask(how, set, previous set, size) on the mask in the context. The handler's
/// return sets that mask, and would undo a change by the kernel.
bool change_mask(Trap& trap) {
  const auto [how, set_address, previous_address, size, unused, unused_too] = trap.arguments();
  const std::optional<SignalSet> set = set_with_trap_signal(set_address, size);
  if (!set.has_value() || (how != SIG_BLOCK && how != SIG_SETMASK)) {
    return false;
  }
  const SignalSet previous = trap.mask();
  trap.mask() = (how == SIG_BLOCK ? previous | *set : *set) & ~trap_signal;
  const bool told = previous_address == 0 || write_program_memory(previous_address, previous);
  trap.set_result(told ? 0 : -EFAULT);
  return true;
}

/// The argument of a call that leads to the mask with which the thread waits; the mask's size is
/// the next argument.
struct MaskArgument {
  std::size_t index;
  bool indirect;  // the argument leads to a pointer to the mask and its size
};

constexpr std::optional<MaskArgument> mask_argument(long number) {
  switch (number) {
    case SYS_rt_sigsuspend:
      return MaskArgument{0, false};
    case SYS_ppoll:
      return MaskArgument{3, false};
    case SYS_epoll_pwait:
    case SYS_epoll_pwait2:
      return MaskArgument{4, false};
    case SYS_pselect6:
    case SYS_io_pgetevents:
      return MaskArgument{5, true};
    default:
      return std::nullopt;
  }
}

struct IndirectMask {
  long address;
  long size;
};

/// Makes the waiting call here, with a copy of the mask that lets traps through.
bool wait_with_mask(Trap& trap, MaskArgument argument) {
  SystemCallArguments arguments = trap.arguments();
  long& word = arguments[argument.index];
  IndirectMask mask{word, 0};
  if (!argument.indirect) {
    mask.size = arguments[argument.index + 1];
  } else if (word == 0 || !read_program_memory(mask, word)) {
    return false;
  }
  std::optional<SignalSet> set = set_with_trap_signal(mask.address, mask.size);
  if (!set.has_value()) {
    return false;
  }
  *set &= ~trap_signal;
  mask.address = std::bit_cast<long>(&*set);
  word = argument.indirect ? std::bit_cast<long>(&mask) : mask.address;
  trap.set_result(raw_system_call(trap.number(), arguments));
  return true;
}

/// Takes the trap signal out of the signal frame at the stack pointer, through which the kernel is
/// about to return: its handler may have written to the mask.
void mend_signal_frame(Trap& trap) {
  auto& frame = *std::bit_cast<ucontext_t*>(trap.stack_pointer());
  if ((frame.uc_sigmask.__val[0] & trap_signal) != 0) {
    frame.uc_sigmask.__val[0] &= ~trap_signal;
  }
}

constinit std::atomic<bool> dispatch_refused{false};

/// Refuses PR_SET_SYSCALL_USER_DISPATCH, which would replace our dispatch.
bool keep_dispatch(Trap& trap) {
  constexpr int set_dispatch = 59;
  if (trap.arguments()[0] != set_dispatch) {
    return false;
  }
  if (!dispatch_refused.exchange(true, std::memory_order_relaxed)) {
    print_message(
        {"the program asks for Syscall User Dispatch, which the raw layer needs: told "
         "that this kernel has none"});
  }
  trap.set_result(-EINVAL);
  return true;
}

}  // namespace

bool make_guarded_call(Trap& trap) {
  switch (const long number = trap.number()) {
    case SYS_rt_sigprocmask:
      return change_mask(trap);
    case SYS_rt_sigaction:
      return exchange_program_action(trap);
    case SYS_rt_sigreturn:
      mend_signal_frame(trap);
      return false;
    case SYS_prctl:
      return keep_dispatch(trap);
    default:
      const std::optional<MaskArgument> argument = mask_argument(number);
      return argument.has_value() && wait_with_mask(trap, *argument);
  }
}

}  // namespace heddle::inject
