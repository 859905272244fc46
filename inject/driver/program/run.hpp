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
  std::string leak_options{};          // goes before the value of LSAN_OPTIONS
  /// A program, and its arguments, that runs `program`; empty: none.
  std::vector<std::string> launcher{};
};

/// Runs the program to its end, in the state in which this tool was started, and returns its wait
/// status. Passes on signals that a process sends to this one (HUP, INT, QUIT, TERM, USR1, USR2);
/// the terminal signals the program itself. Returns a message if the program was not started. For a
/// process with one thread; leaves those signals and SIGCHLD blocked.
tl::expected<int, std::string> run_program(const RunRequest& request);

}  // namespace heddle::inject
