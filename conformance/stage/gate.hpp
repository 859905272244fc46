// The gate of a clause whose fault is held_before(): one thread is held just before a call of the
// runtime's, so that a check can place what another thread does exactly there.
//
// A runtime may make its calls in its own way. A check that finds no thread at its gate ends the
// case without a verdict; it never accuses.
#pragma once

#include <cstdint>

namespace heddle::conformance {

/// Returns when the gate holds a thread. Ends the case without a verdict when the thread with this
/// kernel number, which is on its way there, has ended or sleeps without having come to the gate.
void wait_at_gate(std::int32_t kernel_thread_id);

/// Lets the held thread, and all that come after it, go on.
void open_gate();

}  // namespace heddle::conformance
