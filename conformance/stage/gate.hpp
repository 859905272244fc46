// The gate of a clause whose fault is held_before(). It holds one thread just before a call that
// the runtime makes, so that a check can place another thread's actions exactly there.
//
// A runtime may do without that call. Then no thread comes to the gate, and the case ends without a
// verdict.
#pragma once

#include <cstdint>

namespace heddle::conformance {

/// Returns when the gate holds a thread. The thread with this kernel number is on its way to the
/// gate: if it ends, or waits elsewhere, the case ends without a verdict.
void wait_at_gate(std::int32_t kernel_thread_id);

/// Lets the held thread go on, and all threads that come after it.
void open_gate();

}  // namespace heddle::conformance
