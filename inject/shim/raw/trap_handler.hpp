// trap_handler.hpp: what becomes of a trapped system call.
#pragma once

#include <signal.h>

namespace heddle::inject {

/// Handles SIGSYS. Runs on the thread that makes the call, at any system call instruction, so all
/// rules of decide hold here too. errno stays.
void handle_trap(int signal, siginfo_t* information, void* context);

/// A system call number that no kernel has, and this handler's answer to it: start-up asks once.
constexpr long proof_number = 0x68656464;
constexpr long proof_answer = 0x6c65;

}  // namespace heddle::inject
