// signal_names.hpp: signals by their symbolic names, and back.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace heddle::inject {

/// Returns the number of a signal from a name such as "SIGTERM" or "TERM", or from its digits.
std::optional<int> signal_number(std::string_view name);

/// Returns a name such as "SIGTERM"; for a real-time signal its digits, since libc and kernel
/// disagree on which is the first.
std::string signal_name(int number);

/// Returns every name, with SIG.
std::vector<std::string> signal_names();

}  // namespace heddle::inject
