#include "plan/hashes.hpp"

#include <fmt/core.h>
#include <heddle/inject_control.h>

#include <charconv>

namespace heddle::inject {
namespace {

constexpr std::size_t hash_digits = 16;

/// Skips a step such as ".2" or ".f1"; false when no step comes next.
bool skip_step(std::string_view& path) {
  if (!path.starts_with('.')) {
    return false;
  }
  path.remove_prefix(path.starts_with(".f") ? 2 : 1);
  const std::size_t digits = path.substr(0, path.find_first_not_of("0123456789")).size();
  const bool is_number = digits > 0 && path.front() != '0';
  path.remove_prefix(digits);
  return is_number;
}

bool is_thread_path(std::string_view path) {
  if (path == "?") {
    return true;
  }
  if (!path.starts_with('0')) {
    return false;
  }
  path.remove_prefix(1);
  while (!path.empty()) {
    if (!skip_step(path)) {
      return false;
    }
  }
  return true;
}

}  // namespace

std::optional<std::uint64_t> parse_hash(std::string_view digits) {
  std::uint64_t hash = 0;
  const char* const end = digits.data() + digits.size();
  const bool whole =
      digits.size() == hash_digits &&
      std::from_chars(digits.data(), end, hash, 16) == std::from_chars_result{end, {}};
  return whole && hash != 0 ? std::optional(hash) : std::nullopt;
}

std::string format_hash(std::uint64_t hash) {
  return fmt::format("{:0{}x}", hash, hash_digits);
}

std::optional<std::uint64_t> parse_thread_path(std::string_view text) {
  return is_thread_path(text) ? heddle_inject_path_hash(std::string(text).c_str())
                              : parse_hash(text);
}

}  // namespace heddle::inject
