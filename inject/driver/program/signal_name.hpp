// signal_name.hpp: what people call a signal. Plans have names of their own, in
// plan/signal_names.hpp.
#pragma once

#include <csignal>
#include <cstring>
#include <optional>
#include <string>

namespace heddle::inject {

/// Returns a name such as "SIGTERM", "SIGRTMIN" or "SIGRTMIN+3". Returns nothing for a number that
/// is no signal of a program's.
inline std::optional<std::string> signal_name(int number) {
  if (const char* const name = sigabbrev_np(number)) {
    return std::string("SIG") + name;
  }
  if (number < SIGRTMIN || number > SIGRTMAX) {
    return std::nullopt;
  }
  return number == SIGRTMIN ? "SIGRTMIN" : "SIGRTMIN+" + std::to_string(number - SIGRTMIN);
}

}  // namespace heddle::inject
