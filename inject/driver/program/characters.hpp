// characters.hpp: the characters of any bytes: a program may print whatever it likes.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace heddle::inject {

/// U+FFFD, which stands for bytes that are no character.
inline constexpr std::string_view replacement_character = "\xEF\xBF\xBD";

struct Character {
  char32_t code = 0;       ///< meaningless unless valid
  std::string_view bytes;  ///< never empty; one byte if not valid
  bool valid = false;      ///< shortest form of a Unicode scalar value (RFC 3629)
};

/// Takes the first character off `rest`, which must not be empty.
inline Character take_character(std::string_view& rest) {
  // The lowest code that needs 1, 2, 3 or 4 bytes: a longer form than necessary is invalid.
  constexpr std::array<char32_t, 5> lowest = {0, 0, 0x80, 0x800, 0x10000};
  const auto byte = [&](std::size_t position) {
    return static_cast<unsigned char>(rest[position]);
  };
  const unsigned first = byte(0);
  const std::size_t length = first < 0x80   ? 1U
                             : first < 0xC0 ? 0U
                             : first < 0xE0 ? 2U
                             : first < 0xF0 ? 3U
                             : first < 0xF8 ? 4U
                                            : 0U;
  Character character{.code = first, .bytes = rest.substr(0, 1), .valid = length == 1};
  if (length >= 2 && length <= rest.size()) {
    character.code = first & (0x7FU >> length);
    character.valid = true;
    for (std::size_t position = 1; position < length; ++position) {
      character.valid = character.valid && (byte(position) & 0xC0U) == 0x80U;
      character.code = (character.code << 6U) | (byte(position) & 0x3FU);
    }
    const bool surrogate = character.code >= 0xD800 && character.code <= 0xDFFF;
    character.valid = character.valid && character.code >= lowest[length] && !surrogate &&
                      character.code <= 0x10FFFF;
    character.bytes = rest.substr(0, character.valid ? length : 1);
  }
  rest.remove_prefix(character.bytes.size());
  return character;
}

}  // namespace heddle::inject
