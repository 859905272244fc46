// system_error.hpp: a failed system call in words, with the way out where there is one.
#pragma once

#include <string>

namespace heddle::inject {

/// "No space left on device"; where a limit of the process is the cause, also which one to raise.
std::string describe_system_error(int error);

}  // namespace heddle::inject
