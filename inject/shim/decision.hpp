// decision.hpp: the decision about a call.
//
// This code runs inside every wrapped call of the program. So it allocates and locks nothing, calls
// no function of libc that may be wrapped or is a cancellation point, and keeps errno. A signal
// handler may interrupt it and ask again. Only a rule that fires with a delay, a signal or a gate
// enters the kernel.
#pragma once

#include <heddle/inject_control.h>

#include <atomic>
#include <cstdint>

#include "call.hpp"
#include "control_block.hpp"
#include "effects.hpp"

namespace heddle::inject {

enum class Verdict { pass_on, fail, answer, wake_spuriously };

struct Decision {
  Verdict verdict = Verdict::pass_on;
  /// For pass_on: something is to be done around the call, a delay or a mark for the raw layer.
  bool is_attended = false;
  int error = 0;                  // errno for `fail`
  std::int64_t return_value = 0;  // for `answer`
  std::uint64_t delay_exit = 0;   // nanoseconds, for finish
};

/// Returns the generation under which the process is armed; 0 when it is disarmed.
inline std::uint32_t armed_generation() {
  // Acquire pairs with the release that armed the block: its rules are then complete.
  return std::atomic_ref(control_block.load(std::memory_order_acquire)->armed)
      .load(std::memory_order_acquire);
}

/// Decides under an armed block. See decide.
Decision decide_armed(std::uint32_t generation, const Call& call);

/// Decides what becomes of a call of the calling thread. Counts and records the call. If a rule
/// asks for that before the call: delays or signals the thread, or holds it at a gate.
inline Decision decide(const Call& call) {
  const std::uint32_t generation = armed_generation();
  return generation == 0 ? Decision{} : decide_armed(generation, call);
}

/// Waits out the delay after the call, if the decision has one. errno stays. Inline, because hardly
/// any decision has one.
inline void finish(const Decision& decision) {
  if (decision.delay_exit != 0) {
    wait_nanoseconds(decision.delay_exit);
  }
}

}  // namespace heddle::inject
