// errno_names.h: errno values by their symbolic names, and back.
#ifndef HEDDLE_INJECT_DRIVER_ERRNO_NAMES_H
#define HEDDLE_INJECT_DRIVER_ERRNO_NAMES_H

#include <optional>
#include <string>
#include <string_view>

namespace heddle::inject {

/// The value of a name such as "EAGAIN"; aliases such as "EWOULDBLOCK" are known.
std::optional<int> errno_value(std::string_view name);

/// The name of a value, or its decimal digits when it has none.
std::string errno_name(int value);

}  // namespace heddle::inject

#endif
