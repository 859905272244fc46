// leftovers.hpp: the processes that a run leaves behind.
#pragma once

#include <sys/types.h>

#include <vector>

namespace heddle::inject {

/// Makes this process adopt orphans among its descendants. Cannot fail on kernels that this project
/// runs on.
void adopt_orphans();

/// Returns the children of the process, of all of its threads; empty when the process is gone.
std::vector<pid_t> children_of(pid_t process);

/// Returns the process, then all of its descendants.
std::vector<pid_t> process_tree(pid_t process);

/// How a process ended.
struct EndedProcess {
  pid_t process;
  int wait_status;
};

/// Kills and reaps every child of the calling thread except `kept`, and all that the thread adopts
/// thereby. For a process with one thread.
std::vector<EndedProcess> end_leftovers(pid_t kept);

}  // namespace heddle::inject
