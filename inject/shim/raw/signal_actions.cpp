#include "signal_actions.hpp"

#include <atomic>
#include <bit>
#include <cerrno>
#include <cstdint>

#include "../fatal.hpp"
#include "../program_memory.hpp"
#include "../signals.hpp"
#include "cancellation.hpp"

namespace heddle::inject {
namespace {

extern "C" void heddle_inject_restorer();

/// The program's own action for SIGSYS. Each word is atomic, since the signal may arrive at any
/// moment; a program that exchanges its action while signals arrive has a race of its own.
struct ProgramAction {
  std::atomic<std::uintptr_t> handler;
  std::atomic<unsigned long> flags;
  std::atomic<std::uintptr_t> restorer;
  std::atomic<SignalSet> mask;

  [[nodiscard]] KernelSignalAction load() const {
    return {handler.load(std::memory_order_relaxed), flags.load(std::memory_order_relaxed),
            restorer.load(std::memory_order_relaxed), mask.load(std::memory_order_relaxed)};
  }
  void store(const KernelSignalAction& action) {
    flags.store(action.flags, std::memory_order_relaxed);
    restorer.store(action.restorer, std::memory_order_relaxed);
    mask.store(action.mask, std::memory_order_relaxed);
    handler.store(action.handler, std::memory_order_relaxed);
  }
};

constinit ProgramAction program_action{};
constinit std::atomic<bool> handler_announced{false};

/// Keeps the program's action for SIGSYS; returns what rt_sigaction would: 0 or a negative errno.
long keep_program_action(long wanted_address, long previous_address) {
  const KernelSignalAction previous = program_action.load();
  if (wanted_address != 0) {
    KernelSignalAction wanted{};
    if (!read_program_memory(wanted, wanted_address)) {
      return -EFAULT;
    }
    program_action.store(wanted);
    if (is_function(wanted.handler) &&
        !handler_announced.exchange(true, std::memory_order_relaxed)) {
      print_message(
          {"the program installs a handler for SIGSYS, which the raw layer needs: it "
           "will be called for signals that are no traps of that layer"});
    }
  }
  const bool told = previous_address == 0 || write_program_memory(previous_address, previous);
  return told ? 0 : -EFAULT;
}

/// Changes an action as the raw layer needs it, and returns whether that took a change.
bool adapt(long signal, KernelSignalAction& action) {
  const bool blocks_traps = (action.mask & trap_signal) != 0;
  action.mask &= ~trap_signal;
  return show_places_to_cancellation(signal, action) || blocks_traps;
}

/// Ends the process by SIGSYS, as without the shim.
void die_of_signal() {
  const KernelSignalAction by_default{};
  // Neither call can fail with these arguments, and the signal is not blocked.
  static_cast<void>(exchange_signal_action(SIGSYS, &by_default, nullptr));
  static_cast<void>(raw_system_call(SYS_tgkill, raw_system_call(SYS_getpid),
                                    raw_system_call(SYS_gettid), SIGSYS));
}

}  // namespace

void install_trap_handler(void (*handler)(int, siginfo_t*, void*)) {
  for (int signal = 1; signal <= signals; ++signal) {
    KernelSignalAction action{};
    // Cannot fail for signals in this range.
    static_cast<void>(exchange_signal_action(signal, nullptr, &action));
    if (signal == SIGSYS) {
      program_action.store(action);
    } else if (adapt(signal, action)) {
      static_cast<void>(exchange_signal_action(signal, &action, nullptr));
    }
  }
  // No alternate stack, which the program may be using, and nothing blocked: the handler runs as a
  // part of the interrupted code, and traps of signal handlers may nest in it.
  const KernelSignalAction trap_action{std::bit_cast<std::uintptr_t>(handler),
                                       SA_SIGINFO | SA_NODEFER | has_restorer,
                                       std::bit_cast<std::uintptr_t>(&heddle_inject_restorer), 0};
  static_cast<void>(exchange_signal_action(SIGSYS, &trap_action, nullptr));
}

bool exchange_program_action(Trap& trap) {
  const auto [signal, wanted_address, previous_address, size, unused, unused_too] =
      trap.arguments();
  if (size != sizeof(SignalSet)) {
    return false;
  }
  if (signal == SIGSYS) {
    trap.set_result(keep_program_action(wanted_address, previous_address));
    return true;
  }
  KernelSignalAction wanted{};
  if (wanted_address == 0 || !read_program_memory(wanted, wanted_address) ||
      !adapt(signal, wanted)) {
    return false;
  }
  trap.set_result(
      raw_system_call(SYS_rt_sigaction, signal, &wanted, previous_address, sizeof(SignalSet)));
  return true;
}

void deliver_to_program(siginfo_t& information, ucontext_t& context) {
  const KernelSignalAction action = program_action.load();
  if (action.handler == std::bit_cast<std::uintptr_t>(SIG_DFL)) {
    die_of_signal();
  } else if (is_function(action.handler)) {
    // A handler without SA_SIGINFO finds the signal's number in the same register.
    using Handler = void (*)(int, siginfo_t*, void*);
    std::bit_cast<Handler>(action.handler)(SIGSYS, &information, &context);
  }
}

}  // namespace heddle::inject
