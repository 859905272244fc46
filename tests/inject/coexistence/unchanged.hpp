// unchanged.hpp: compares a program with itself under the shim.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "support/finished_process.hpp"

namespace heddle::tests {

struct Comparison {
  /// The values of LD_PRELOAD, without the shim and with it.
  std::string plain_preload;
  std::string preload = HEDDLE_INJECT_SHIM;
  /// What of standard error is compared: all of it, unless it has addresses and process ids.
  std::function<std::string(const std::string&)> of_errors = [](const std::string& errors) {
    return errors;
  };
};

/// Checks that the command's status, output and errors are the same without the shim, with it and
/// no plan, and with a plan that looks at every call, records it, and never fires; and that this
/// plan saw calls, since a shim that is not there changes nothing. Returns what the command did
/// without the shim.
FinishedProcess check_unchanged(const std::vector<std::string>& command,
                                const Comparison& comparison = {});

/// The lines of the text that contain `part`, in their order.
std::string lines_with(const std::string& text, const std::string& part);

/// The text without what heddle-inject itself has to say.
std::string without_report(const std::string& errors);

}  // namespace heddle::tests
