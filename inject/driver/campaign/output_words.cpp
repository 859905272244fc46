#include "campaign/output_words.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cstdint>

namespace heddle::inject {
namespace {

bool is_digit(char letter) {
  return letter >= '0' && letter <= '9';
}

bool is_hex_digit(char letter) {
  return std::isxdigit(static_cast<unsigned char>(letter)) != 0;
}

bool is_letter(char letter) {
  return std::isalpha(static_cast<unsigned char>(letter)) != 0;
}

std::size_t count_leading(std::string_view text, bool (*is_wanted)(char)) {
  return static_cast<std::size_t>(std::ranges::find_if_not(text, is_wanted) - text.begin());
}

/// Returns the length of the address or hash at the beginning of the text; 0 without one.
std::size_t hex_length(std::string_view text) {
  constexpr std::size_t shortest_hash = 8;
  if (text.starts_with("0x")) {
    const std::size_t digits = count_leading(text.substr(2), is_hex_digit);
    return digits > 0 ? digits + 2 : 0;
  }
  const std::size_t length = count_leading(text, is_hex_digit);
  const std::string_view word = text.substr(0, length);
  const bool ends_here = length == text.size() || !is_letter(text[length]);
  const bool is_mixed = std::ranges::any_of(word, is_digit) && std::ranges::any_of(word, is_letter);
  return length >= shortest_hash && ends_here && is_mixed ? length : 0;
}

/// Returns the length of the number at the beginning of the text: "7", "12:00:01.5",
/// "2026-11-29T12:00:01".
std::size_t decimal_length(std::string_view text) {
  constexpr std::string_view joining = ".,:/-T";
  std::size_t length = count_leading(text, is_digit);
  while (length > 0 && length + 1 < text.size() &&
         joining.find(text[length]) != std::string_view::npos && is_digit(text[length + 1])) {
    length += 1 + count_leading(text.substr(length + 1), is_digit);
  }
  return length;
}

bool is_duration(std::string_view after_number) {
  constexpr std::array<std::string_view, 12> units{"ns",      "us",   "\xc2\xb5s", "ms",
                                                   "s",       "sec",  "secs",      "second",
                                                   "seconds", "usec", "msec",      "min"};
  after_number.remove_prefix(after_number.starts_with(' ') ? 1 : 0);
  return std::ranges::any_of(units, [&](std::string_view unit) {
    return after_number.starts_with(unit) &&
           (after_number.size() == unit.size() || !is_letter(after_number[unit.size()]));
  });
}

/// Recognises "12:00" and "2026-11-29T12:00:01": one or two digits, then two after each colon.
bool is_time_of_day(std::string_view number) {
  const std::size_t colon = number.find(':');
  if (colon == std::string_view::npos || colon == 0 ||
      count_leading(number.substr(colon + 1), is_digit) != 2) {
    return false;
  }
  const std::size_t before = number.find_last_not_of("0123456789", colon - 1);
  const std::size_t start = before == std::string_view::npos ? 0 : before + 1;
  return colon - start <= 2 && (start == 0 || number[start - 1] == 'T');
}

bool is_date(std::string_view number) {
  return std::ranges::count(number, '-') == 2 || std::ranges::count(number, '/') == 2;
}

std::string_view without_padding(std::string_view word) {
  return word.substr(0, word.find_last_not_of(" \t") + 1);
}

}  // namespace

std::vector<LinePart> parts_of(std::string_view line) {
  std::vector<LinePart> parts;
  std::size_t word_start = 0;
  for (std::size_t position = 0; position < line.size();) {
    const std::string_view rest = line.substr(position);
    // Within a word, the letters a to f are no hexadecimal digits.
    const bool in_word = position > 0 && is_letter(line[position - 1]);
    const std::size_t hex = in_word ? 0 : hex_length(rest);
    const std::size_t length = hex != 0 ? hex : decimal_length(rest);
    if (length == 0) {
      ++position;
      continue;
    }
    const std::string_view number = rest.substr(0, length);
    parts.push_back({without_padding(line.substr(word_start, position - word_start))});
    parts.push_back({number, true,
                     hex == 0 && (is_time_of_day(number) || is_date(number) ||
                                  is_duration(rest.substr(length)))});
    position += length;
    word_start = position;
  }
  parts.push_back({line.substr(word_start)});
  return parts;
}

bool may_be_later_time(std::string_view earlier, std::string_view later) {
  constexpr std::size_t digits_since_epoch = 10;
  constexpr std::uint64_t day = 86400;
  std::uint64_t first = 0;
  std::uint64_t second = 0;
  const auto read = [](std::string_view number, std::uint64_t& seconds) {
    return count_leading(number, is_digit) == digits_since_epoch &&
           std::from_chars(number.data(), number.data() + digits_since_epoch, seconds).ec ==
               std::errc();
  };
  return read(earlier, first) && read(later, second) && first <= second && second - first < day;
}

std::string without_numbers(std::string_view line) {
  std::string words;
  for (const LinePart& part : parts_of(line)) {
    words += part.is_number ? "#" : part.text;
  }
  return words;
}

}  // namespace heddle::inject
