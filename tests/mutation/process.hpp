// Programs that this one runs.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace heddle::mutation {

struct ProcessEnd {
  int status = 0;          ///< the exit status, or 128 + the signal
  bool over_time = false;  ///< whether it was ended because it had used up its processor time
};

struct Process {
  std::vector<std::string> arguments{};  ///< the first is the program
  std::string folder{};                  ///< to run in; empty: the current one
  std::string error_file{};              ///< takes standard error; empty: /dev/null
  /// What the program and all that it has started may use together.
  std::chrono::seconds processor_time{std::chrono::hours(1)};
  /// Gets each line of standard output. When it returns false, the program is asked to end.
  std::function<bool(std::string_view)> on_line = [](std::string_view) { return true; };
};

/// Runs the program to its end. Throws std::system_error when there is no process for it. Can be
/// called on several threads at once.
ProcessEnd run(const Process& process);

}  // namespace heddle::mutation
