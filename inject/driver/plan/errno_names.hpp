// errno_names.hpp: errno values by their symbolic names, and back.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace heddle::inject {

/// Returns the value of a name such as "EAGAIN", or of the digits of an errno that the kernel may
/// return, from 1 to 4095. Knows aliases such as "EWOULDBLOCK".
std::optional<int> errno_value(std::string_view name);

/// Returns the name of a value, or the decimal digits of a value without a name.
std::string errno_name(int value);

/// Returns every name.
std::vector<std::string> errno_names();

}  // namespace heddle::inject
