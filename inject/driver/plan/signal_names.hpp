// signal_names.hpp: signals by their symbolic names, and back.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace heddle::inject {

/// Returns the number of a signal from a name such as "SIGTERM" or "TERM", or from its digits.
std::optional<int> signal_number(std::string_view name);

/// Returns the signal as a plan and strace read it. A real-time signal becomes its digits, since
/// libc and kernel disagree on which is the first.
std::string written_signal(int number);

/// Returns the name, with SIG, of every signal that is not a real-time one.
std::vector<std::string> signal_names();

}  // namespace heddle::inject
