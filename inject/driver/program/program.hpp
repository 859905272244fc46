// program.hpp: which file a command names, and whether the shim can get into it.
#pragma once

#include <string>
#include <tl/expected.hpp>

namespace heddle::inject {

/// The executable file that a shell would run for `name`: a name without a slash is looked for in
/// PATH. Otherwise, a message.
tl::expected<std::string, std::string> find_program(const std::string& name);

/// Nothing when libheddle-inject.so will be loaded into the program at `path`; otherwise, why it
/// will not: a plan that can never fire is an error, not a run without faults. Looks through one
/// level of #!.
tl::expected<void, std::string> check_preloadable(const std::string& path);

}  // namespace heddle::inject
