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

}  // namespace heddle::tests
