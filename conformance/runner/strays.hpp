// Processes that a subject has left behind, and that have fallen to this process.
//
// What leaves its group and session (a daemon) is still a descendant. When its parent has ended it
// falls to the nearest ancestor that adopts orphans: the template for what a case leaves, the
// worker for what the template leaves.
#pragma once

#include <sys/types.h>

namespace heddle::conformance {

/// From here on orphans among the descendants fall to this process. Children that it has already
/// are its own. Called in the suite's first process, in each worker and in each template.
void adopt_strays();

/// Names a child as this process's own, until it has been reaped.
void keep_child(pid_t child);
void forget_child(pid_t child);

/// Kills and reaps all children that are not this process's own, until there are none.
void end_strays();

}  // namespace heddle::conformance
