// run.hpp: one run of a program, with the shim in it.
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <vector>

namespace heddle::inject {

struct RunRequest {
  std::string program;                 // the file
  std::vector<std::string> arguments;  // with the name that the program is called by
  std::string preload;                 // the value of LD_PRELOAD
  std::string plan_path;               // the value of HEDDLE_INJECT
};

/// Runs the program to its end, in the state that this tool was started in, and returns its wait
/// status. Signals that a process sends to this one (HUP, INT, QUIT, TERM, USR1, USR2) go on to the
/// program; those of the terminal it has had itself. Otherwise, a message: the program was not
/// started. Must be called while the process has one thread; it leaves those signals and SIGCHLD
/// blocked.
tl::expected<int, std::string> run_program(const RunRequest& request);

}  // namespace heddle::inject
