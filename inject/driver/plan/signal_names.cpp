#include "plan/signal_names.hpp"

#include <charconv>
#include <csignal>
#include <cstring>

namespace heddle::inject {
namespace {

constexpr int last_signal = _NSIG - 1;

/// Second names, since sigabbrev_np knows one name for each number.
constexpr std::pair<std::string_view, int> aliases[] = {
    {"CLD", SIGCHLD}, {"IO", SIGIO}, {"IOT", SIGABRT}};

}  // namespace

std::optional<int> signal_number(std::string_view name) {
  int number = 0;
  const char* const end = name.data() + name.size();
  if (std::from_chars(name.data(), end, number) == std::from_chars_result{end, {}}) {
    return 1 <= number && number <= last_signal ? std::optional(number) : std::nullopt;
  }
  if (name.starts_with("SIG")) {
    name.remove_prefix(3);
  }
  for (const auto& [alias, value] : aliases) {
    if (alias == name) {
      return value;
    }
  }
  for (number = 1; number <= last_signal; ++number) {
    const char* const candidate = sigabbrev_np(number);
    if (candidate != nullptr && name == candidate) {
      return number;
    }
  }
  return std::nullopt;
}

std::string written_signal(int number) {
  const char* const name = sigabbrev_np(number);
  return name != nullptr ? std::string("SIG") + name : std::to_string(number);
}

std::vector<std::string> signal_names() {
  std::vector<std::string> names;
  for (int number = 1; number <= last_signal; ++number) {
    if (sigabbrev_np(number) != nullptr) {
      names.push_back(written_signal(number));
    }
  }
  return names;
}

}  // namespace heddle::inject
