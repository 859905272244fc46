// signals.hpp: signal sets and actions in the kernel's types, which differ from libc's.
#pragma once

#include <signal.h>
#include <sys/syscall.h>

#include <bit>
#include <cstdint>

#include "raw_system_call.hpp"

namespace heddle::inject {

/// One bit for each signal, from 1: the first word of libc's sigset_t.
using SignalSet = unsigned long;

/// The signal as which traps arrive. A thread must never block it: a trap would then kill the
/// process.
constexpr SignalSet trap_signal = 1UL << (SIGSYS - 1);

constexpr int signals = 64;

struct KernelSignalAction {
  std::uintptr_t handler;
  unsigned long flags;
  std::uintptr_t restorer;
  SignalSet mask;
};

/// Returns whether the handler of an action is a function of the program's.
inline bool is_function(std::uintptr_t handler) {
  return handler != std::bit_cast<std::uintptr_t>(SIG_DFL) &&
         handler != std::bit_cast<std::uintptr_t>(SIG_IGN);
}

/// The flag of an action that has a restorer.
constexpr unsigned long has_restorer = 0x04000000;  // SA_RESTORER

/// Calls rt_sigaction; returns 0 or a negative errno. Either pointer may be null.
inline long exchange_signal_action(int signal, const KernelSignalAction* wanted,
                                   KernelSignalAction* previous) {
  return raw_system_call(SYS_rt_sigaction, signal, wanted, previous, sizeof(SignalSet));
}

}  // namespace heddle::inject
