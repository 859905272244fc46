// leftovers.hpp: the processes that a run leaves behind.
#pragma once

#include <sys/types.h>

#include <vector>

namespace heddle::inject {

/// Makes this process the one to which orphans among its descendants fall. Cannot fail on a kernel
/// that this project runs on.
void adopt_orphans();

/// Children of the process, of all of its threads; empty when it is gone.
std::vector<pid_t> children_of(pid_t process);

/// The process and all its descendants, itself first.
std::vector<pid_t> process_tree(pid_t process);

/// How a process ended.
struct EndedProcess {
  pid_t process;
  int wait_status;
};

/// Kills and reaps every child of the calling thread, and what falls to it thereby, except `kept`.
/// For a process with one thread.
std::vector<EndedProcess> end_leftovers(pid_t kept);

}  // namespace heddle::inject
