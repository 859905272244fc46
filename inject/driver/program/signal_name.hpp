// signal_name.hpp: the names of signals for people. Plans have names of their own, in
// plan/signal_names.hpp.
#pragma once

#include <csignal>
#include <cstring>
#include <optional>
#include <string>

namespace heddle::inject {

/// Returns a name such as "SIGTERM", "SIGRTMIN" or "SIGRTMIN+3"; nothing for a number that is no
/// signal, and for the two that libc keeps to itself.
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
