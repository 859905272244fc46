// signal_actions.hpp: what the program asks to be done on signals, while SIGSYS is the raw layer's.
#pragma once

#include <signal.h>

#include "trap.hpp"

namespace heddle::inject {

/// Installs the raw layer's handler. The process's own action for SIGSYS is kept for
/// deliver_to_program, and the signal is taken out of the masks of all handlers that it has by now.
void install_trap_handler(void (*handler)(int, siginfo_t*, void*));

/// A trapped rt_sigaction. True when it was made here: the trap signal must be in no handler's
/// mask, and the program's action for SIGSYS itself is only kept, which is said once.
bool exchange_program_action(Trap& trap);

/// Takes the program's action for a SIGSYS that is no trap: one that was sent, or a filter's.
void deliver_to_program(siginfo_t& information, ucontext_t& context);

}  // namespace heddle::inject
