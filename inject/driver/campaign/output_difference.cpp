#include "campaign/output_difference.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cctype>

namespace heddle::inject {
namespace {

bool speaks_of_an_error(std::string_view line) {
  constexpr std::array<std::string_view, 15> words{
      "error",     "fail",        "warn",          "cannot",     "can't",
      "could not", "couldn't",    "unable",        "not enough", "out of memory",
      "no memory", "unavailable", "not permitted", "invalid",    "denied"};
  std::string lower(line);
  std::ranges::transform(lower, lower.begin(), [](unsigned char letter) {
    return static_cast<char>(std::tolower(letter));
  });
  return std::ranges::any_of(
      words, [&](std::string_view word) { return lower.find(word) != std::string::npos; });
}

}  // namespace

std::vector<std::string_view> lines_in(std::string_view text) {
  std::vector<std::string_view> lines = lines_with_ends(text);
  std::ranges::transform(lines, lines.begin(), without_end);
  return lines;
}

std::vector<std::string_view> error_lines_in(std::string_view text) {
  std::vector<std::string_view> lines = lines_in(text);
  std::erase_if(lines, [](std::string_view line) { return !speaks_of_an_error(line); });
  return lines;
}

std::vector<std::string_view> lines_with_ends(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t length = std::min(text.find('\n'), text.size() - 1) + 1;
    lines.push_back(text.substr(0, length));
    text.remove_prefix(length);
  }
  return lines;
}

std::string_view without_end(std::string_view line) {
  return line.substr(0, std::min(line.find('\n'), line.size()));
}

std::string quoted_line(std::string_view line) {
  constexpr std::size_t longest = 100;
  const std::string_view text = without_end(line);
  std::string quoted = "'";
  for (const char letter : text.substr(0, longest)) {
    const auto byte = static_cast<unsigned char>(letter);
    quoted += byte < 0x20 || byte >= 0x7f ? fmt::format("\\x{:02x}", byte) : std::string(1, letter);
  }
  return quoted + (text.size() > longest ? "..." : "'");
}

}  // namespace heddle::inject
