// effects.hpp: what a rule does to a thread besides failing its call. All effects enter the kernel
// directly: they are no cancellation points, and errno stays.
#pragma once

#include <heddle/inject_control.h>

#include <cstdint>

#include "call.hpp"

namespace heddle::inject {

/// Waits for the whole duration, whatever signals arrive.
void wait_nanoseconds(std::uint64_t duration_ns);

/// Stores the whole duration as what is left of a sleep that a rule interrupts before it begins, if
/// the caller wants that: the kernel gives no EINTR without it. Does nothing for other calls.
void store_remaining_time(const Call& call);

/// Sends the signal to the calling thread, which has handled it on return unless it is blocked.
void signal_this_thread(int signal);

/// Holds the calling thread at the rule's gate until it is released.
void hold_at_gate(heddle_inject_rule& rule);

}  // namespace heddle::inject
