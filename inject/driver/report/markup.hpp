// markup.hpp: text of anyone's inside XML and HTML.
#pragma once

#include <fmt/core.h>

#include <string>
#include <string_view>

namespace heddle::inject {

/// UTF-8 text for an element or a quoted attribute. White space is spelled as numbers, which an
/// attribute would lose; what XML 1.0 has no way to carry becomes U+FFFD.
inline std::string escaped_for_markup(std::string_view text) {
  constexpr std::string_view replacement = "\xEF\xBF\xBD";
  std::string result;
  for (std::size_t index = 0; index < text.size(); ++index) {
    const auto byte = static_cast<unsigned char>(text[index]);
    const bool is_noncharacter =
        text.substr(index, 3) == "\xEF\xBF\xBE" || text.substr(index, 3) == "\xEF\xBF\xBF";
    if (is_noncharacter) {
      result += replacement;
      index += 2;
    } else if (byte == '\t' || byte == '\n' || byte == '\r' ||
               std::string_view("&<>\"'").find(static_cast<char>(byte)) != std::string_view::npos) {
      result += fmt::format("&#{};", int{byte});
    } else if (byte < 0x20) {
      result += replacement;
    } else {
      result += static_cast<char>(byte);
    }
  }
  return result;
}

}  // namespace heddle::inject
