#include "report/visible_text.hpp"

#include "program/characters.hpp"

namespace heddle::inject {
namespace {

/// Says whether a terminal shows the character instead of obeying it.
bool is_shown(const Character& character) {
  const char32_t code = character.code;
  const bool is_control = code < 0x20 || (code >= 0x7f && code < 0xa0);
  return character.valid && (!is_control || code == '\n' || code == '\t');
}

}  // namespace

std::string visible(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    const Character character = take_character(text);
    if (is_shown(character)) {
      result += character.bytes;
      continue;
    }
    for (const char byte : character.bytes) {
      result += fmt::format("\\x{:02x}", static_cast<unsigned char>(byte));
    }
  }
  return result;
}

}  // namespace heddle::inject
