// unseen.hpp: what the shim knows of calls that it cannot see, for whoever wonders why nothing
// fired.
#pragma once

#include <heddle/inject_control.h>

namespace heddle::inject {

/// Counts one of the kind in the plan, and keeps the first example's file name. Does nothing
/// without a plan. Async-signal-safe, and safe in the child of vfork; errno stays.
void note_unseen(heddle_inject_unseen_kind kind, const char* example);

/// Notes that the program is about to execute another one, when the shim will not be in that one:
/// nothing can be preloaded into it, or the environment does not ask for it. A name without a
/// folder is not looked up. As safe as the other.
void note_execution(const char* program, char* const environment[]);

}  // namespace heddle::inject
