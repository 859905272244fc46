// Running what may not return.
#pragma once

#include <functional>
#include <string>

namespace heddle::tests {

/// How a process ended, and what it wrote to standard error.
struct Ending {
  int signal;       ///< that killed it, or 0
  int exit_status;  ///< when no signal did
  std::string standard_error;

  bool says(const std::string& text) const {
    return standard_error.find(text) != std::string::npos;
  }
};

/// Runs `body` in a forked child, which exits with status 0 when it returns, and waits for its end.
Ending run_in_child(const std::function<void()>& body);

/// In the child: unless the condition holds, exits with status 1 and writes to standard error what
/// was not so.
void require_in_child(bool condition, const char* claim);

/// In the parent: checks that the child got to its end.
void check_success(const Ending& ending);

}  // namespace heddle::tests
