// --new-subject: a project to begin an adapter with.
#pragma once

#include <string>
#include <string_view>

namespace heddle::conformance {

/// Writes the project of a language, c, c++, rust or d, to a folder, which is made unless it is
/// there. A folder that is not empty is left as it is. Says what was written, or what is wrong, and
/// returns the exit code.
int write_new_subject(std::string_view language, const std::string& folder);

}  // namespace heddle::conformance
