// A mutant: one change of one file of the reference.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace heddle::mutation {

/// A change, and the name by which logs and lists know it: the file, the text of the changed lines
/// before and after, and a number where that comes more than once. A line's number is no part of
/// it, so the name outlives changes elsewhere in the file.
struct Mutant {
  std::string file;    ///< from the top of the tree: impl/thread/parker.cpp
  std::string change;  ///< the kind of change, such as "order" or "drop"
  std::string was;     ///< the lines before, without comments, each white space one blank
  std::string is;      ///< the lines after
  std::size_t nth = 1;

  std::size_t line = 0;   ///< where it is today
  std::size_t begin = 0;  ///< the offset of what is replaced
  std::size_t length = 0;
  std::string replacement;

  auto name() const { return std::tie(file, was, is, nth); }

  /// Returns the whole file with the change made.
  std::string applied_to(std::string_view source) const {
    std::string text(source);
    return text.replace(begin, length, replacement);
  }
};

/// Returns the mutants of a file's text, in order of their places. The same text gives the same
/// mutants.
std::vector<Mutant> mutants_of(const std::string& file, std::string_view source);

}  // namespace heddle::mutation
