#include "plan/errno_names.hpp"

#include <cerrno>
#include <charconv>
#include <cstring>

namespace heddle::inject {
namespace {

/// Linux numbers its errnos from 1 to 133.
constexpr int last_named_errno = EHWPOISON;

/// The kernel's MAX_ERRNO: to libc, larger values are no errors.
constexpr int last_errno = 4095;

/// Second names, since strerrorname_np knows one name for each value.
constexpr std::pair<std::string_view, int> aliases[] = {
    {"EWOULDBLOCK", EWOULDBLOCK}, {"ENOTSUP", ENOTSUP}, {"EDEADLOCK", EDEADLOCK}};

}  // namespace

std::optional<int> errno_value(std::string_view name) {
  int number = 0;
  const char* const end = name.data() + name.size();
  if (std::from_chars(name.data(), end, number) == std::from_chars_result{end, {}}) {
    return 1 <= number && number <= last_errno ? std::optional(number) : std::nullopt;
  }
  for (const auto& [alias, value] : aliases) {
    if (alias == name) {
      return value;
    }
  }
  for (int value = 1; value <= last_named_errno; ++value) {
    // Two numbers in the range are unused, and have no name.
    const char* const candidate = strerrorname_np(value);
    if (candidate != nullptr && name == candidate) {
      return value;
    }
  }
  return std::nullopt;
}

std::string errno_name(int value) {
  const char* const name = strerrorname_np(value);
  return name != nullptr ? name : std::to_string(value);
}

std::vector<std::string> errno_names() {
  std::vector<std::string> names;
  for (int value = 1; value <= last_named_errno; ++value) {
    if (strerrorname_np(value) != nullptr) {
      names.push_back(errno_name(value));
    }
  }
  return names;
}

}  // namespace heddle::inject
