// fork_server.hpp: the fork server, a process of the program that is stopped before it begins and
// forks a fresh process for each run of a campaign. inject_record.h has its messages.
#pragma once

#include <heddle/inject_record.h>

namespace heddle::inject {

/// Serves runs, if this is the first process under the record and has one thread. Returns in the
/// process of each run, which goes on into the program, and at once in a process that does not
/// serve. Never returns in the server, which ends when the driver closes the socket. start-up calls
/// this when the block asks for a server, before anything is counted, recorded or armed: each run
/// must find the shim as a fresh program would.
void serve_runs(heddle_inject_record& record);

}  // namespace heddle::inject
