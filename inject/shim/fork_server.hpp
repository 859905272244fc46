// fork_server.hpp: one process of the program, stopped before it begins, that forks a fresh one for
// each run of a campaign. See inject_record.h for what it and the driver say to each other.
#pragma once

#include <heddle/inject_record.h>

namespace heddle::inject {

/// Serves runs if nobody has done so under this record yet and this process has one thread. Returns
/// in the process of each run, which then goes on into the program; and at once in a process that
/// does not serve. In the server itself it never returns: that ends with the driver's socket.
/// Called by start-up when the block asks for a server, before anything is counted, recorded or
/// armed, because each run must find the shim as a fresh program would.
void serve_runs(heddle_inject_record& record);

}  // namespace heddle::inject
