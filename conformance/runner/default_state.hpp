// The state in which a template is started, and cases with it: the one of a fresh login, whatever
// the suite itself has inherited. A clause is about the runtime, not about who has started us.
#pragma once

namespace heddle::conformance {

/// Puts the calling process into that state: every signal has its default action and none is
/// blocked; the stack has 8 MiB, open files number 1024, there are no core dumps, and no other
/// limit lies below what the system allows at all. Standard input is at its end, standard output
/// and error are `output`; other descriptors do not survive the execution, unless the caller says
/// so afterwards. For a child that is about to execute a program; async-signal-safe.
void enter_default_state(int output);

}  // namespace heddle::conformance
