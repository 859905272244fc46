#include "plan/errno_names.h"

#include <cerrno>
#include <cstring>

namespace heddle::inject {
namespace {

/// Linux numbers its errnos from 1 to 133.
constexpr int kLastErrno = EHWPOISON;

/// strerrorname_np knows one name for each value; these are the second ones.
constexpr std::pair<std::string_view, int> kAliases[] = {
    {"EWOULDBLOCK", EWOULDBLOCK}, {"ENOTSUP", ENOTSUP}, {"EDEADLOCK", EDEADLOCK}};

}  // namespace

std::optional<int> errno_value(std::string_view name) {
  for (const auto& [alias, value] : kAliases) {
    if (alias == name) {
      return value;
    }
  }
  for (int value = 1; value <= kLastErrno; ++value) {
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

}  // namespace heddle::inject
