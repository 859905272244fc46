// signal_names.hpp: signals by their symbolic names, and back.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace heddle::inject {

/// The number of a signal by a name such as "SIGTERM" or "TERM", or by its digits.
std::optional<int> signal_number(std::string_view name);

/// "SIGTERM"; of a real-time signal its digits, since libc and kernel do not agree on the first.
std::string signal_name(int number);

/// Every name, with SIG.
std::vector<std::string> signal_names();

}  // namespace heddle::inject
