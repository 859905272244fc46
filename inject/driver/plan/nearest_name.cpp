#include "plan/nearest_name.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <vector>

namespace heddle::inject {
namespace {

/// Counts the changes, additions, omissions and swaps of neighbours that lead from one word to the
/// other: the optimal string alignment distance. Keeps the rows of the last three letters of `a`.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before_last(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t column = 0; column <= b.size(); ++column) {
    row[column] = column;
  }
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::swap(before_last, last);
    std::swap(last, row);
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({change, last[j] + 1, row[j - 1] + 1});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before_last[j - 2] + 1);
      }
    }
  }
  return row[b.size()];
}

}  // namespace

std::optional<std::string> nearest_name(std::string_view typed,
                                        std::span<const std::string> candidates) {
  // With more than a third of it wrong, the text is another word. `longest` bounds the time, which
  // grows with the product of both lengths; no name is as long.
  constexpr std::size_t longest = 64;
  std::size_t least = std::max<std::size_t>(typed.size() / 3, 1) + 1;
  std::optional<std::string> nearest;
  for (const std::string& candidate : candidates) {
    const std::size_t found = typed.size() > longest ? least : distance(typed, candidate);
    if (found < least) {
      least = found;
      nearest = candidate;
    }
  }
  return nearest;
}

std::string suggestion(std::string_view typed, std::span<const std::string> candidates) {
  const std::optional<std::string> nearest = nearest_name(typed, candidates);
  return nearest ? fmt::format(" (did you mean {}?)", *nearest) : "";
}

}  // namespace heddle::inject
