// finished_process.hpp: runs a command to its end and keeps what it wrote.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace heddle::tests {

struct FinishedProcess {
  int status;  // exit status, 128 + N after signal N
  std::string output;
  std::string errors;
};

using Environment = std::vector<std::pair<std::string, std::string>>;

/// Runs command[0], looked for in PATH, with the variables added and without standard input. Throws
/// std::runtime_error when it cannot be started.
FinishedProcess run(const std::vector<std::string>& command, const Environment& added = {});

/// heddle-inject run with one -e for each expression.
FinishedProcess run_with_plan(const std::vector<std::string>& expressions,
                              const std::vector<std::string>& command);

}  // namespace heddle::tests
