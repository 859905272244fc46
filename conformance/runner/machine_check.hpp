// A check that the machine gives what every case needs.
//
// If the system refuses a thread, a runtime may report that, abort, or hang. Nothing of this speaks
// against the runtime. So the check runs without a runtime: at the start of a run, and again before
// a failure is believed.
#pragma once

#include <optional>
#include <string>

namespace heddle::conformance {

/// Returns what the machine lacks and what to do, in one line; nothing if it has everything.
std::optional<std::string> lacking_machine();

/// Returns how many processes the kernel has killed for want of memory since it started; 0 where it
/// does not say.
unsigned long kills_for_memory();

}  // namespace heddle::conformance
