// The backtrace that the default hook shows.
#pragma once

#include <string>

namespace heddle::panic {

/// Returns the lines that the environment variable HEDDLE_BACKTRACE asks for; it is read once. If
/// it is unset or 0: a note that there is such a variable, once in the process's life. If it is
/// "full": all frames of the calling thread, with their addresses. Otherwise: the frames from where
/// the runtime called the program to the panic.
std::string backtrace();

}  // namespace heddle::panic
