// output_words.hpp: a line taken apart into words and numbers, because the numbers of two runs may
// differ where nothing else does: time stamps, process ids, addresses, durations.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace heddle::inject {

/// One part of a line.
struct LinePart {
  std::string_view text;
  bool is_number = false;
  /// The number is a time, a date or a duration: where runs have the same one, that is chance.
  bool is_volatile = false;
};

/// Takes a line apart. A number is a run of digits with the signs that join digits in dates, times
/// and fractions; a word that begins with 0x; or a word of eight or more hexadecimal digits. Blanks
/// before a number, which may only pad it, belong to no part.
std::vector<LinePart> parts_of(std::string_view line);

/// Says whether two numbers may be seconds since 1970, the second one less than a day later.
bool may_be_later_time(std::string_view earlier, std::string_view later);

/// Returns the line with '#' in place of each number.
std::string without_numbers(std::string_view line);

}  // namespace heddle::inject
