// trap_handler.hpp: what becomes of a trapped system call.
#pragma once

#include <signal.h>

namespace heddle::inject {

/// The handler of SIGSYS. Runs on the thread that makes the call, at any instruction that makes
/// one, so all that holds for decide holds here too. errno stays.
void handle_trap(int signal, siginfo_t* information, void* context);

/// A number that no kernel has, which start-up asks for once, and what it then gets from here.
constexpr long proof_number = 0x68656464;
constexpr long proof_answer = 0x6c65;

}  // namespace heddle::inject
