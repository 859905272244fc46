// The state in which a template, and so each case, starts: that of a fresh login, whatever the
// suite itself has inherited. A clause is about the runtime, not about the suite's parent.
#pragma once

namespace heddle::conformance {

/// Puts the calling process into that state. Every signal has its default action, and none is
/// blocked. The stack has 8 MiB, there may be 1024 open files and no core dumps, and every other
/// soft limit is at its hard limit. Standard input is empty, and standard output and error are
/// `output`. All other descriptors close when the process executes a program, unless the caller
/// changes that afterwards. For a child that is about to execute a program; async-signal-safe.
void enter_default_state(int output);

}  // namespace heddle::conformance
