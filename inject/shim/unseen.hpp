// unseen.hpp: what the shim knows of calls that it cannot see, to explain why a rule did not fire.
#pragma once

#include <heddle/inject_control.h>

namespace heddle::inject {

/// Counts one case of the kind in the plan, and keeps the file name of the first example. Does
/// nothing without a plan. Async-signal-safe, and safe in the child of vfork; errno stays.
void note_unseen(heddle_inject_unseen_kind kind, const char* example);

/// Notes that the program is about to execute another one without the shim, because nothing can be
/// preloaded into that program or the environment does not ask for it. A name without a folder is
/// not looked up. As safe as note_unseen.
void note_execution(const char* program, char* const environment[]);

}  // namespace heddle::inject
