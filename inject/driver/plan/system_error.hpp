// system_error.hpp: a failed system call in words, with what to do about it.
#pragma once

#include <string>

namespace heddle::inject {

/// Returns words such as "No space left on device". Where a limit of the process is the cause, also
/// says which limit to raise.
std::string describe_system_error(int error);

}  // namespace heddle::inject
