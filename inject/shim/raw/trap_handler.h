// trap_handler.h: what becomes of a trapped system call.
#ifndef HEDDLE_INJECT_SHIM_RAW_TRAP_HANDLER_H
#define HEDDLE_INJECT_SHIM_RAW_TRAP_HANDLER_H

#include <signal.h>

namespace heddle::inject {

/// The handler of SIGSYS. Runs on the thread that makes the call, at any instruction that makes
/// one, so all that holds for decide holds here too. errno stays.
void handle_trap(int signal, siginfo_t* information, void* context);

/// A number that no kernel has, which start-up asks for once, and what it then gets from here.
constexpr long kProofNumber = 0x68656464;
constexpr long kProofAnswer = 0x6c65;

}  // namespace heddle::inject

#endif
