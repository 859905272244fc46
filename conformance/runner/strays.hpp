// Strays: processes that a subject has left behind, and that this process has adopted.
//
// A process that leaves its group and session (a daemon) is still a descendant. When its parent has
// ended, the nearest ancestor that adopts orphans becomes its parent: the template adopts what a
// case leaves, the worker what the template leaves.
#pragma once

#include <sys/types.h>

namespace heddle::conformance {

/// Has this process adopt orphans among its descendants from now on. Children that it has already
/// count as its own. Called in the suite's first process, in each worker and in each template.
void adopt_strays();

/// Marks a child as this process's own, until it has been reaped.
void keep_child(pid_t child);
void forget_child(pid_t child);

/// Kills and reaps all children that are not this process's own, until none is left.
void end_strays();

}  // namespace heddle::conformance
