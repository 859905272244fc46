// effects.hpp: what a rule does to a thread besides failing its call. All of it enters the kernel
// directly: nothing here is a cancellation point, and errno stays.
#pragma once

#include <heddle/inject_control.h>

#include <cstdint>

#include "call.hpp"

namespace heddle::inject {

/// Waits so long, whatever signals arrive.
void wait_nanoseconds(std::uint64_t duration_ns);

/// Stores what is left of a sleep that a rule has interrupted before it began, all of it, where the
/// caller has asked for that; of any other call, nothing. An EINTR without it would not be one that
/// the kernel gives.
void store_remaining_time(const Call& call);

/// Sends the signal to the calling thread, which has handled it on return unless it is blocked.
void signal_this_thread(int signal);

/// Holds the calling thread at the rule's gate until it is released.
void hold_at_gate(heddle_inject_rule& rule);

}  // namespace heddle::inject
