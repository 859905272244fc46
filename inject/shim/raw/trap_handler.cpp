#include "trap_handler.hpp"

#include <sys/syscall.h>

#include <bit>

#include "../classify.hpp"
#include "../decision.hpp"
#include "../system_call_filter.hpp"
#include "../thread_state.hpp"
#include "departures.hpp"
#include "guarded_calls.hpp"
#include "new_thread.hpp"
#include "processor.hpp"
#include "signal_actions.hpp"
#include "trap.hpp"

namespace heddle::inject {
namespace {

/// The si_code of a trap. libc's headers lack it, and the kernel's headers clash with them.
constexpr int user_dispatch = 2;  // SYS_USER_DISPATCH

/// Says whether the call comes back. Others cannot fail.
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

/// Says whether the handler can make the call. Its return would undo what other calls do.
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
      return false;
    default:
      return !changes_own_registers(number);
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
      prepare_child(trap.number(), trap.arguments()) ? Departure::spawn : Departure::call;
  trap.continue_at(thunk_for(departure, trap.return_address()));
}

void take_decision(Trap& trap, const Decision& decision) {
  switch (decision.verdict) {
    case Verdict::fail:
      trap.set_result(-decision.error);
      break;
    case Verdict::answer:
      trap.set_result(decision.return_value);
      break;
    case Verdict::wake_spuriously:
      trap.set_result(0);
      break;
    case Verdict::pass_on:
      pass_on(trap, decision.delay_exit != 0);
      break;
  }
  // A call that leaves the handler has its delay before the call instead of after it.
  finish(decision);
}

}  // namespace

void handle_trap(int /*signal*/, siginfo_t* information, void* context) {
  auto& interrupted = *static_cast<ucontext_t*>(context);
  if (information->si_code != user_dispatch) {
    deliver_to_program(*information, interrupted);
    return;
  }
  Trap trap(interrupted);
  if (!has_known_number(*information)) {
    // Rules cannot name the numbers of another interface.
    trap.continue_at(thunk_for(Departure::compatible_call, trap.return_address()));
  } else if (trap.number() == proof_number) {
    trap.set_result(proof_answer);
  } else {
    note_system_call(trap.number(), trap.arguments()[0]);
    take_decision(trap, decide_trap(trap));
  }
}

}  // namespace heddle::inject
