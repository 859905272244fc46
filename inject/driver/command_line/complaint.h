// complaint.h: how the tool says that it could not do its work.
#ifndef HEDDLE_INJECT_DRIVER_COMPLAINT_H
#define HEDDLE_INJECT_DRIVER_COMPLAINT_H

#include <fmt/format.h>

#include <cstdio>
#include <string>

#include "report/visible_text.hpp"

namespace heddle::inject {

/// `run`'s status for a mistake in the command line, or a failure of the tool itself.
constexpr int kToolFailed = 125;

/// Prints the message on standard error, with the tool's name; returns kToolFailed.
inline int complain(const std::string& message) {
  tell("heddle-inject: {}\n", message);
  return kToolFailed;
}

}  // namespace heddle::inject

#endif
