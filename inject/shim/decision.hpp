// decision.hpp: what shall become of this call.
//
// Runs inside every wrapped call of the program, so: no allocation, no lock, no function of libc
// that may be wrapped or is a cancellation point, errno stays, and a signal handler may interrupt
// it and ask again. Only a rule that fires, with a delay, a signal or a gate, enters the kernel.
#pragma once

#include <heddle/inject_control.h>

#include <atomic>

#include "call.hpp"
#include "control_block.hpp"
#include "effects.hpp"

namespace heddle::inject {

enum class Verdict { pass_on, fail, answer, wake_spuriously };

struct Decision {
  Verdict verdict = Verdict::pass_on;
  /// Of a pass_on: something is to be done around the call, a delay, or a mark for the raw layer.
  bool is_attended = false;
  int error = 0;                  // errno of a fail
  std::int64_t return_value = 0;  // of `answer`
  std::uint64_t delay_exit = 0;   // nanoseconds, for finish
};

/// The generation under which the calling process is armed; 0 when it is not.
inline std::uint32_t armed_generation() {
  // Acquire pairs with the release of whoever armed the block: its rules are then complete.
  return std::atomic_ref(control_block.load(std::memory_order_acquire)->armed)
      .load(std::memory_order_acquire);
}

/// The decision under an armed block. See decide.
Decision decide_armed(std::uint32_t generation, const Call& call);

/// Says what becomes of this call of the calling thread. Counts and records it; delays it, signals
/// the thread, or holds it at a gate when a rule wants that before the call.
inline Decision decide(const Call& call) {
  const std::uint32_t generation = armed_generation();
  return generation == 0 ? Decision{} : decide_armed(generation, call);
}

/// Waits out the delay that the decision asks for after the call. errno stays. Inline, because
/// hardly any decision asks for one.
inline void finish(const Decision& decision) {
  if (decision.delay_exit != 0) {
    wait_nanoseconds(decision.delay_exit);
  }
}

}  // namespace heddle::inject
