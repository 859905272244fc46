#include "report/visible_text.hpp"

#include <algorithm>
#include <cstddef>

namespace heddle::inject {
namespace {

unsigned char byte_at(std::string_view text, std::size_t position) {
  return static_cast<unsigned char>(text[position]);
}

/// Bytes of the first character, which a terminal shows; 0: it is a control character, or none.
std::size_t shown_length(std::string_view text) {
  const unsigned char first = byte_at(text, 0);
  if (first < 0x80) {
    return (first >= 0x20 && first != 0x7f) || first == '\n' || first == '\t' ? 1 : 0;
  }
  const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || length > text.size()) {
    return 0;
  }
  for (std::size_t position = 1; position < length; ++position) {
    if ((byte_at(text, position) & 0xc0U) != 0x80U) {
      return 0;
    }
  }
  // U+0080 to U+009F are control characters as well.
  return first == 0xc2 && byte_at(text, 1) < 0xa0 ? 0 : length;
}

}  // namespace

std::string visible(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = shown_length(text);
    if (length == 0) {
      result += fmt::format("\\x{:02x}", byte_at(text, 0));
    } else {
      result += text.substr(0, length);
    }
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return result;
}

}  // namespace heddle::inject
