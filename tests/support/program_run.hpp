// Runs a program as a user would, and keeps what it said.
#pragma once

#include <sys/types.h>

#include <functional>
#include <string>
#include <vector>

namespace heddle::tests {

struct ProgramRun {
  int status = -1;  ///< exit status, or 128 + signal
  std::string standard_output;
  std::string standard_error;
};

/// A program that runs, without standard input.
class StartedProgram {
 public:
  /// `prepare` is called in the child before the program. Throws when there is no process for it.
  explicit StartedProgram(
      const std::vector<std::string>& arguments, const std::function<void()>& prepare = [] {});
  StartedProgram(const StartedProgram&) = delete;
  StartedProgram& operator=(const StartedProgram&) = delete;
  /// Kills it, unless it has been waited for.
  ~StartedProgram();

  pid_t process() const { return process_; }

  /// Waits for its end.
  ProgramRun finish();

 private:
  int output_;
  int error_;
  pid_t process_;
};

/// Runs the program to its end, without standard input. Throws when it cannot be started.
ProgramRun run_program(
    const std::vector<std::string>& arguments, const std::function<void()>& prepare = [] {});

}  // namespace heddle::tests
