// signal_actions.hpp: the program's signal actions while the raw layer has SIGSYS for itself.
#pragma once

#include <signal.h>

#include "trap.hpp"

namespace heddle::inject {

/// Installs the raw layer's handler. Keeps the program's action for SIGSYS for deliver_to_program,
/// takes the signal out of the masks of all handlers that are installed, and adapts libc's handler
/// for cancellation.
void install_trap_handler(void (*handler)(int, siginfo_t*, void*));

/// Makes a trapped rt_sigaction here if its handler's mask has the trap signal, which is taken out,
/// if it is libc's for cancellation, or if it is about SIGSYS, whose action is only kept: the shim
/// says so once. True when the call was made.
bool exchange_program_action(Trap& trap);

/// Takes the program's action for a SIGSYS that is no trap: it was sent, or a filter raised it.
void deliver_to_program(siginfo_t& information, ucontext_t& context);

}  // namespace heddle::inject
