// markup.hpp: any text inside XML and HTML.
#pragma once

#include <fmt/core.h>

#include <string>
#include <string_view>

#include "program/characters.hpp"

namespace heddle::inject {

/// Says whether XML 1.0, production 2, has the character. Others cannot be written, even as
/// numbers.
inline bool is_xml_character(char32_t code) {
  return code == '\t' || code == '\n' || code == '\r' || (code >= 0x20 && code <= 0xD7FF) ||
         (code >= 0xE000 && code <= 0xFFFD) || (code >= 0x10000 && code <= 0x10FFFF);
}

/// Escapes a text for an element or a quoted attribute. Spells white space as numbers, since a
/// parser would turn it into blanks inside an attribute. Puts U+FFFD for bytes that are not UTF-8,
/// and for characters that XML cannot carry.
inline std::string escaped_for_markup(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const Character character = take_character(text);
    if (!character.valid || !is_xml_character(character.code)) {
      result += replacement_character;
    } else if (character.code < 0x20 ||
               std::string_view("&<>\"'").find(character.bytes) != std::string_view::npos) {
      result += fmt::format("&#{};", static_cast<unsigned>(character.code));
    } else {
      result += character.bytes;
    }
  }
  return result;
}

}  // namespace heddle::inject
