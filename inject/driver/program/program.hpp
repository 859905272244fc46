// program.hpp: the file that a command names, and whether the shim can get into it.
#pragma once

#include <string>
#include <tl/expected.hpp>

namespace heddle::inject {

/// Returns the executable file that a shell would run for `name`: a name without a slash is looked
/// up in PATH. On failure, returns a message.
tl::expected<std::string, std::string> find_program(const std::string& name);

/// Checks that libheddle-inject.so will be loaded into the program at `path`. Returns why it will
/// not: a plan that can never fire is an error, not a run without faults. Looks through one level
/// of #!.
tl::expected<void, std::string> check_preloadable(const std::string& path);

}  // namespace heddle::inject
