// expression_reader.hpp: the words and numbers of an expression, from left to right.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "plan/plan_error.hpp"

namespace heddle::inject {

/// What is wrong with the text; nothing: all is well so far.
using Problem = std::optional<PlanError>;

/// A place in an expression, whose text must outlive it.
class ExpressionReader {
 public:
  explicit ExpressionReader(std::string_view text) : text_(text) {}

  std::size_t column() const { return column_; }
  bool at_end() const { return column_ == text_.size(); }

  /// Says whether the place is the end, or the colon before the next key.
  bool at_value_end() const { return at_end() || text_[column_] == ':'; }

  /// Skips the token if it comes next, and says whether it did.
  bool skip(std::string_view token);

  /// Reads up to the next character that separates words: one of : , = ! < > &
  std::string_view word();

  /// Reads up to the next colon, with backslashes left as they are.
  std::string_view value();

  /// Reads up to the next colon, where a backslash makes the next character an ordinary one.
  std::string text();

  /// Reads a decimal number from 1 on. `what` names it in the problem.
  Problem ordinal(std::string_view what, std::uint64_t& number);

  /// Reads a whole value: a decimal number, or 0x and hexadecimal digits. A minus in front means
  /// the two's complement.
  Problem integer(std::string_view what, std::uint64_t& number);

 private:
  std::string_view text_;
  std::size_t column_ = 0;
};

/// Adds backslashes to the text, so that ExpressionReader::text reads it back.
std::string escaped(std::string_view text);

}  // namespace heddle::inject
