#include "campaign/output_difference.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cctype>

namespace heddle::inject {
namespace {

/// The lines of a text, each with the newline that ends it: the last one may have none.
std::vector<std::string_view> with_newlines(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t length = std::min(text.find('\n'), text.size() - 1) + 1;
    lines.push_back(text.substr(0, length));
    text.remove_prefix(length);
  }
  return lines;
}

std::string_view without_newline(std::string_view line) {
  return line.substr(0, std::min(line.find('\n'), line.size()));
}

bool speaks_of_an_error(std::string_view line) {
  constexpr std::array<std::string_view, 15> kWords{
      "error",     "fail",        "warn",          "cannot",     "can't",
      "could not", "couldn't",    "unable",        "not enough", "out of memory",
      "no memory", "unavailable", "not permitted", "invalid",    "denied"};
  std::string lower(line);
  std::ranges::transform(lower, lower.begin(), [](unsigned char letter) {
    return static_cast<char>(std::tolower(letter));
  });
  return std::ranges::any_of(
      kWords, [&](std::string_view word) { return lower.find(word) != std::string::npos; });
}

std::string quoted(std::string_view line) {
  constexpr std::size_t kLongest = 100;
  const std::string_view text = without_newline(line);
  std::string quoted = "'";
  for (const char letter : text.substr(0, kLongest)) {
    const auto byte = static_cast<unsigned char>(letter);
    quoted += byte < 0x20 || byte >= 0x7f ? fmt::format("\\x{:02x}", byte) : std::string(1, letter);
  }
  return quoted + (text.size() > kLongest ? "..." : "'");
}

bool is_whole(const OutputCapture& output) {
  return output.size() == output.head().size();
}

}  // namespace

std::vector<std::string_view> lines_in(std::string_view text) {
  std::vector<std::string_view> lines = with_newlines(text);
  std::ranges::transform(lines, lines.begin(), without_newline);
  return lines;
}

std::vector<std::string_view> error_lines_in(std::string_view text) {
  std::vector<std::string_view> lines = lines_in(text);
  std::erase_if(lines, [](std::string_view line) { return !speaks_of_an_error(line); });
  return lines;
}

std::string describe_difference(const OutputCapture& usual, const OutputCapture& seen) {
  const std::vector<std::string_view> usual_lines = with_newlines(usual.head());
  const std::vector<std::string_view> seen_lines = with_newlines(seen.head());
  const auto [usual_line, seen_line] = std::ranges::mismatch(usual_lines, seen_lines);
  const bool usual_ended = usual_line == usual_lines.end();
  const bool seen_ended = seen_line == seen_lines.end();
  if (usual_ended && seen_ended) {
    return fmt::format("differs after its first {} bytes", usual.head().size());
  }
  const auto place = usual_line - usual_lines.begin() + 1;
  if (seen_ended) {
    return fmt::format("lacks {} in line {}", quoted(*usual_line), place);
  }
  if (usual_ended) {
    return fmt::format("has {} besides in line {}", quoted(*seen_line), place);
  }
  if (without_newline(*usual_line) == without_newline(*seen_line)) {
    return fmt::format("has {} in line {} with another end of line", quoted(*seen_line), place);
  }
  return fmt::format("has {} instead of {} in line {}", quoted(*seen_line), quoted(*usual_line),
                     place);
}

bool only_adds_lines(const OutputCapture& usual, const OutputCapture& seen) {
  if (!is_whole(usual) || !is_whole(seen)) {
    return false;
  }
  const std::vector<std::string_view> usual_lines = with_newlines(usual.head());
  auto next = usual_lines.begin();
  for (const std::string_view line : with_newlines(seen.head())) {
    if (next != usual_lines.end() && *next == line) {
      ++next;
    }
  }
  return next == usual_lines.end();
}

}  // namespace heddle::inject
