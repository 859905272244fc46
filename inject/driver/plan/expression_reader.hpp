// expression_reader.hpp: the words and numbers of an expression, from left to right.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "plan/plan_error.hpp"

namespace heddle::inject {

/// What is wrong; nothing: read on.
using Problem = std::optional<PlanError>;

/// A place in an expression, whose text must outlive it.
class ExpressionReader {
 public:
  explicit ExpressionReader(std::string_view text) : text_(text) {}

  std::size_t column() const { return column_; }
  bool at_end() const { return column_ == text_.size(); }

  /// At the end, or at the colon before the next key.
  bool at_value_end() const { return at_end() || text_[column_] == ':'; }

  /// Goes beyond the token, if it is next.
  bool skip(std::string_view token);

  /// Up to the next character that separates words: one of : , = ! < > &
  std::string_view word();

  /// Up to the next colon, as it stands.
  std::string_view value();

  /// The same, where a backslash makes the next character an ordinary one.
  std::string text();

  /// Decimal digits of a number from 1 on. `what` names it in the problem.
  Problem ordinal(std::string_view what, std::uint64_t& number);

  /// A whole value: a decimal number or 0x and hexadecimal digits, perhaps with a minus: that is
  /// its two's complement.
  Problem integer(std::string_view what, std::uint64_t& number);

 private:
  std::string_view text_;
  std::size_t column_ = 0;
};

/// The same text with backslashes, so that ExpressionReader::text reads it back.
std::string escaped(std::string_view text);

}  // namespace heddle::inject
