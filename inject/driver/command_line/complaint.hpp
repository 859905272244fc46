// complaint.hpp: the message that the tool could not do its work.
#pragma once

#include <fmt/format.h>

#include <cstdio>
#include <string>

#include "report/visible_text.hpp"

namespace heddle::inject {

/// `run`'s status for a mistake in the command line, or a failure of the tool itself.
constexpr int tool_failed = 125;

/// Prints the message on standard error, with the tool's name; returns tool_failed.
inline int complain(const std::string& message) {
  tell("heddle-inject: {}\n", message);
  return tool_failed;
}

}  // namespace heddle::inject
