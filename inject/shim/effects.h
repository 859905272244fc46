// effects.h: what a rule does to a thread besides failing its call. All of it enters the kernel
// directly: nothing here is a cancellation point, and errno stays.
#ifndef HEDDLE_INJECT_SHIM_EFFECTS_H
#define HEDDLE_INJECT_SHIM_EFFECTS_H

#include <heddle/inject_control.h>

#include <cstdint>

namespace heddle::inject {

/// Waits so long, whatever signals arrive.
void wait_nanoseconds(uint64_t duration_ns);

/// Sends the signal to the calling thread, which has handled it on return unless it is blocked.
void signal_this_thread(int signal);

/// Holds the calling thread at the rule's gate until it is released.
void hold_at_gate(heddle_inject_rule& rule);

}  // namespace heddle::inject

#endif
