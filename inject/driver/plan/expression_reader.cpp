#include "plan/expression_reader.hpp"

#include <fmt/core.h>

#include <charconv>

namespace heddle::inject {

bool ExpressionReader::skip(std::string_view token) {
  if (!text_.substr(column_).starts_with(token)) {
    return false;
  }
  column_ += token.size();
  return true;
}

std::string_view ExpressionReader::word() {
  const std::string_view rest = text_.substr(column_);
  const std::string_view found = rest.substr(0, rest.find_first_of(":,=!<>&"));
  column_ += found.size();
  return found;
}

std::string_view ExpressionReader::value() {
  const std::string_view rest = text_.substr(column_);
  const std::string_view found = rest.substr(0, rest.find(':'));
  column_ += found.size();
  return found;
}

std::string ExpressionReader::text() {
  std::string found;
  for (; !at_value_end(); ++column_) {
    if (text_[column_] == '\\' && column_ + 1 < text_.size()) {
      ++column_;
    }
    found += text_[column_];
  }
  return found;
}

Problem ExpressionReader::ordinal(std::string_view what, std::uint64_t& number) {
  const char* const begin = text_.data() + column_;
  const auto [stop, status] = std::from_chars(begin, text_.data() + text_.size(), number);
  if (status == std::errc::result_out_of_range) {
    return PlanError{column_, fmt::format("{} does not fit into 64 bits", what)};
  }
  if (status != std::errc{} || number == 0) {
    return PlanError{column_, fmt::format("{} is a number from 1 on", what)};
  }
  column_ += static_cast<std::size_t>(stop - begin);
  return std::nullopt;
}

Problem ExpressionReader::integer(std::string_view what, std::uint64_t& number) {
  const std::size_t start = column_;
  std::string_view digits = value();
  const bool negative = digits.starts_with('-');
  digits.remove_prefix(negative ? 1 : 0);
  const int radix = digits.starts_with("0x") ? 16 : 10;
  digits.remove_prefix(radix == 16 ? 2 : 0);
  const char* const end = digits.data() + digits.size();
  const auto [stop, status] = std::from_chars(digits.data(), end, number, radix);
  constexpr std::uint64_t most_negative = std::uint64_t{1} << 63;
  if (status == std::errc::result_out_of_range || (negative && number > most_negative)) {
    return PlanError{start, fmt::format("{} does not fit into 64 bits", what)};
  }
  if (status != std::errc{} || stop != end) {
    return PlanError{start, fmt::format("{} is a number, such as 4096 or 0x1000", what)};
  }
  number = negative ? -number : number;
  return std::nullopt;
}

std::string escaped(std::string_view text) {
  std::string result;
  for (const char letter : text) {
    if (letter == ':' || letter == '\\' || letter == '#' || letter == ' ') {
      result += '\\';
    }
    result += letter;
  }
  return result;
}

}  // namespace heddle::inject
