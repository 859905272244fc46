// own_sanitizer.hpp: the sanitizer that a program was built with.
#pragma once

#include <string>

namespace heddle::inject {

/// Returns the name of the sanitizer that the program at `path` was built with, which already takes
/// the allocator's place and cannot have another checker beside it. Empty: it has none, or the file
/// cannot be read.
std::string own_sanitizer(const std::string& path);

}  // namespace heddle::inject
