// errno_names.hpp: errno values by their symbolic names, and back.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace heddle::inject {

/// The value of a name such as "EAGAIN", or of the digits of an errno as the kernel may return it,
/// from 1 to 4095. Aliases such as "EWOULDBLOCK" are known.
std::optional<int> errno_value(std::string_view name);

/// The name of a value, or its decimal digits when it has none.
std::string errno_name(int value);

/// Every name.
std::vector<std::string> errno_names();

}  // namespace heddle::inject
