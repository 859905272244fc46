// Runs a program as a user would, and keeps what it said.
#pragma once

#include <string>
#include <vector>

namespace heddle::tests {

struct ProgramRun {
  int status = -1;  ///< exit status, or 128 + signal
  std::string standard_output;
  std::string standard_error;
};

/// Runs the program to its end, without standard input. Throws when it cannot be started.
ProgramRun run_program(const std::vector<std::string>& arguments);

}  // namespace heddle::tests
