#include "campaign/usual_output.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "campaign/output_difference.hpp"
#include "campaign/output_words.hpp"

namespace heddle::inject {
namespace {

/// Calls `differs` for each number that differs, with its part and whether chance may explain it.
/// False when the words differ.
template <typename Differs>
bool same_words(std::string_view one, std::string_view other, const Differs& differs) {
  const std::vector<LinePart> parts = parts_of(one);
  const std::vector<LinePart> others = parts_of(other);
  if (parts.size() != others.size()) {
    return false;
  }
  for (std::size_t place = 0; place < parts.size(); ++place) {
    if (parts[place].text == others[place].text) {
      continue;
    }
    if (!parts[place].is_number || !others[place].is_number) {
      return false;
    }
    differs(place, (parts[place].is_volatile && others[place].is_volatile) ||
                       may_be_later_time(parts[place].text, others[place].text));
  }
  return true;
}

}  // namespace

void UsualOutput::add(const OutputCapture& other) {
  if (!is_comparable_ || first_.same_as(other)) {
    return;
  }
  varies_ = true;
  const std::vector<std::string_view> lines = lines_with_ends(first_.head());
  const std::vector<std::string_view> others = lines_with_ends(other.head());
  is_comparable_ = first_.is_whole() && other.is_whole() && lines.size() == others.size();
  for (std::size_t line = 0; is_comparable_ && line < lines.size(); ++line) {
    is_comparable_ = same_words(lines[line], others[line],
                                [&](std::size_t part, bool) { varying_.emplace(line, part); });
  }
}

bool UsualOutput::line_matches(std::size_t line, std::string_view usual,
                               std::string_view seen) const {
  if (usual == seen) {
    return true;
  }
  bool same_numbers = true;
  return same_words(
             usual, seen,
             [&](std::size_t part, bool is_volatile) {
               same_numbers = same_numbers && (is_volatile || varying_.contains({line, part}));
             }) &&
         same_numbers;
}

bool UsualOutput::matches(const OutputCapture& seen) const {
  if (first_.same_as(seen)) {
    return true;
  }
  const auto other_numbers = lines_with_other_numbers(seen);
  return other_numbers && other_numbers->empty();
}

std::optional<std::vector<std::string_view>> UsualOutput::lines_with_other_numbers(
    const OutputCapture& seen) const {
  const std::vector<std::string_view> usual_lines = lines_with_ends(first_.head());
  const std::vector<std::string_view> seen_lines = lines_with_ends(seen.head());
  if (!first_.is_whole() || !seen.is_whole() || usual_lines.size() != seen_lines.size()) {
    return std::nullopt;
  }
  std::vector<std::string_view> found;
  for (std::size_t line = 0; line < usual_lines.size(); ++line) {
    if (line_matches(line, usual_lines[line], seen_lines[line])) {
      continue;
    }
    if (!same_words(usual_lines[line], seen_lines[line], [](std::size_t, bool) {})) {
      return std::nullopt;
    }
    found.push_back(seen_lines[line]);
  }
  return found;
}

bool UsualOutput::has_new_line(const OutputCapture& seen) const {
  if (!first_.is_whole() || !seen.is_whole()) {
    return !matches(seen);
  }
  const std::vector<std::string_view> usual_lines = lines_with_ends(first_.head());
  std::multimap<std::string, std::size_t> unused;  // usual lines, by their words
  for (std::size_t line = 0; line < usual_lines.size(); ++line) {
    unused.emplace(without_numbers(usual_lines[line]), line);
  }
  return std::ranges::any_of(lines_with_ends(seen.head()), [&](std::string_view line) {
    const auto [begin, end] = unused.equal_range(without_numbers(line));
    const auto same = std::find_if(begin, end, [&](const auto& entry) {
      return line_matches(entry.second, usual_lines[entry.second], line);
    });
    if (same == end) {
      return true;
    }
    unused.erase(same);
    return false;
  });
}

std::string UsualOutput::difference(const OutputCapture& seen) const {
  const std::vector<std::string_view> usual_lines = lines_with_ends(first_.head());
  const std::vector<std::string_view> seen_lines = lines_with_ends(seen.head());
  const std::size_t shared = std::min(usual_lines.size(), seen_lines.size());
  std::size_t line = 0;
  while (line < shared && line_matches(line, usual_lines[line], seen_lines[line])) {
    ++line;
  }
  if (line == usual_lines.size() && line == seen_lines.size()) {
    return fmt::format("differs after its first {} bytes", first_.head().size());
  }
  if (line == seen_lines.size() || lacks_lines(usual_lines, seen_lines)) {
    return fmt::format("lacks {} in line {}", quoted_line(usual_lines[line]), line + 1);
  }
  if (line == usual_lines.size() || has_lines_added(seen)) {
    return fmt::format("has {} besides in line {}", quoted_line(seen_lines[line]), line + 1);
  }
  if (without_end(usual_lines[line]) == without_end(seen_lines[line])) {
    return fmt::format("has {} in line {} with another end of line", quoted_line(seen_lines[line]),
                       line + 1);
  }
  return fmt::format("has {} instead of {} in line {}", quoted_line(seen_lines[line]),
                     quoted_line(usual_lines[line]), line + 1);
}

bool UsualOutput::lacks_lines(const std::vector<std::string_view>& usual_lines,
                              const std::vector<std::string_view>& seen_lines) const {
  auto next = seen_lines.begin();
  for (std::size_t line = 0; line < usual_lines.size() && next != seen_lines.end(); ++line) {
    next += line_matches(line, usual_lines[line], *next) ? 1 : 0;
  }
  return next == seen_lines.end();
}

bool UsualOutput::has_lines_added(const OutputCapture& seen) const {
  if (!first_.is_whole() || !seen.is_whole()) {
    return false;
  }
  const std::vector<std::string_view> usual_lines = lines_with_ends(first_.head());
  std::size_t next = 0;
  for (const std::string_view line : lines_with_ends(seen.head())) {
    if (next < usual_lines.size() && line_matches(next, usual_lines[next], line)) {
      ++next;
    }
  }
  return next == usual_lines.size();
}

}  // namespace heddle::inject
