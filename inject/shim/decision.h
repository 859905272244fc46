// decision.h: whether this call shall fail.
//
// Runs inside every wrapped call of the program, so: no allocation, no lock, no system call, errno
// stays, and a signal handler may interrupt it and ask again.
#ifndef HEDDLE_INJECT_SHIM_DECISION_H
#define HEDDLE_INJECT_SHIM_DECISION_H

#include <heddle/inject_control.h>

#include <atomic>

#include "control_block.h"

namespace heddle::inject {

enum class Verdict { kPassOn, kFail, kWakeSpuriously };

struct Decision {
  Verdict verdict;
  int error;  // errno of a kFail, otherwise 0
};

/// The decision under an armed block; counts the call. See decide.
Decision decide_armed(heddle_inject_control& control, uint32_t generation, heddle_inject_call call);

/// Says what becomes of this call of the calling thread.
inline Decision decide(heddle_inject_call call) {
  heddle_inject_control& control = *control_block.load(std::memory_order_acquire);
  // Acquire pairs with the release of whoever armed the block: its rules are then complete.
  const uint32_t generation = std::atomic_ref(control.armed).load(std::memory_order_acquire);
  if (generation == 0) {
    return {Verdict::kPassOn, 0};
  }
  return decide_armed(control, generation, call);
}

}  // namespace heddle::inject

#endif
