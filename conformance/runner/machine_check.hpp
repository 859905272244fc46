// Whether the machine gives what the cases need, whoever the subject is.
//
// A runtime whose thread the system refuses may do anything: report it, abort, hang. None of that
// says anything about the runtime, so it is found out without one: at the start of a run, and again
// before a failure is believed.
#pragma once

#include <optional>
#include <string>

namespace heddle::conformance {

/// What the machine lacks, and what to do, in one line; nothing if it has everything.
std::optional<std::string> lacking_machine();

/// How many processes the kernel has killed for want of memory since it was started; 0 where it
/// does not tell.
unsigned long kills_for_memory();

}  // namespace heddle::conformance
