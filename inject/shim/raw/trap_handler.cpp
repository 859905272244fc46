#include "trap_handler.h"

#include <linux/audit.h>
#include <sys/syscall.h>

#include <bit>

#include "../classify.h"
#include "../decision.h"
#include "../system_call_filter.h"
#include "../thread_state.h"
#include "departures.h"
#include "guarded_calls.h"
#include "new_thread.h"
#include "signal_actions.h"
#include "trap.h"

namespace heddle::inject {
namespace {

/// si_code of a trap. libc's headers do not have it, and the kernel's clash with them.
constexpr int kUserDispatch = 2;  // SYS_USER_DISPATCH

/// Calls that do not come back cannot fail.
bool comes_back(long number) {
  return number != SYS_rt_sigreturn && number != SYS_exit && number != SYS_exit_group;
}

Decision decide_trap(const Trap& trap) {
  if (take_decided_system_call(trap.number()) || !comes_back(trap.number())) {
    return {};
  }
  const SystemCallArguments arguments = trap.arguments();
  const auto [row, number] = classify(trap.number(), arguments);
  return decide({row, number, arguments, std::bit_cast<const void*>(trap.return_address()),
                 std::bit_cast<const void*>(trap.frame_pointer()), true});
}

/// Whether the call can be made from the handler, whose return would undo what the others do.
bool can_be_made_here(long number) {
  switch (number) {
    case SYS_clone:
    case SYS_clone3:
    case SYS_fork:
    case SYS_vfork:
    case SYS_munmap:
    case SYS_rt_sigprocmask:
    case SYS_rt_sigreturn:
    case SYS_sigaltstack:
    case SYS_arch_prctl:
      return false;
    default:
      return true;
  }
}

void pass_on(Trap& trap, bool is_delayed) {
  if (make_guarded_call(trap)) {
    return;
  }
  if (is_delayed && can_be_made_here(trap.number())) {
    trap.set_result(raw_system_call(trap.number(), trap.arguments()));
    return;
  }
  const Departure departure =
      prepare_child(trap.number(), trap.arguments()) ? Departure::kSpawn : Departure::kCall;
  trap.continue_at(thunk_for(departure, trap.return_address()));
}

void take_decision(Trap& trap, const Decision& decision) {
  switch (decision.verdict) {
    case Verdict::kFail:
      trap.set_result(-decision.error);
      break;
    case Verdict::kReturn:
      trap.set_result(decision.return_value);
      break;
    case Verdict::kWakeSpuriously:
      trap.set_result(0);
      break;
    case Verdict::kPassOn:
      pass_on(trap, decision.delay_exit != 0);
      break;
  }
  // A call that leaves the handler has its delay before it, not after it.
  finish(decision);
}

}  // namespace

void handle_trap(int /*signal*/, siginfo_t* information, void* context) {
  auto& interrupted = *static_cast<ucontext_t*>(context);
  if (information->si_code != kUserDispatch) {
    deliver_to_program(*information, interrupted);
    return;
  }
  Trap trap(interrupted);
  if (information->si_arch != AUDIT_ARCH_X86_64) {
    // The 32-bit interface has numbers of its own, for which there are no rules.
    trap.continue_at(thunk_for(Departure::kCompatibleCall, trap.return_address()));
  } else if (trap.number() == kProofNumber) {
    trap.set_result(kProofAnswer);
  } else {
    note_system_call(trap.number(), trap.arguments()[0]);
    take_decision(trap, decide_trap(trap));
  }
}

}  // namespace heddle::inject
