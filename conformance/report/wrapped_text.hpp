// Text for a terminal, without control sequences and without lines that are too wide.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "program/characters.hpp"

namespace heddle::conformance {

inline constexpr std::size_t terminal_columns = 100;

/// Returns the text with all control characters except newlines spelled like \x1b. Bytes that are
/// not UTF-8 become U+FFFD.
inline std::string printable(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const inject::Character character = inject::take_character(text);
    const char32_t code = character.code;
    if (!character.valid) {
      result += inject::replacement_character;
    } else if (code == '\t') {
      result += "  ";
    } else if (code != '\n' && (code < 0x20 || (code >= 0x7F && code < 0xA0))) {
      result += fmt::format("\\x{:02x}", static_cast<unsigned>(code));
    } else {
      result += character.bytes;
    }
  }
  return result;
}

/// Returns how many bytes of the text fill `columns` columns. Each character counts as one column.
inline std::size_t bytes_of_columns(std::string_view text, std::size_t columns) {
  std::string_view rest = text;
  for (std::size_t column = 0; column < columns && !rest.empty(); ++column) {
    inject::take_character(rest);
  }
  return text.size() - rest.size();
}

/// Returns the text in lines of at most `columns` characters, broken at spaces if possible, and
/// made printable. A final newline adds no line.
inline std::vector<std::string> wrapped(std::string_view text, std::size_t columns) {
  const std::string clean = printable(text);
  std::vector<std::string> lines;
  for (std::size_t begin = 0; begin < clean.size();) {
    const std::size_t end = std::min(clean.find('\n', begin), clean.size());
    std::string_view line(clean.data() + begin, end - begin);
    begin = end + 1;
    for (std::size_t fits = bytes_of_columns(line, columns); fits < line.size();
         fits = bytes_of_columns(line, columns)) {
      const std::size_t space = line.rfind(' ', fits);
      const bool at_space = space != std::string_view::npos && space != 0;
      lines.emplace_back(line.substr(0, at_space ? space : fits));
      line.remove_prefix(at_space ? space + 1 : fits);
    }
    lines.emplace_back(line);
  }
  return lines;
}

/// Returns the text, wrapped, behind a label on its first line.
inline std::string labelled(std::string_view label, std::string_view text) {
  const std::size_t indent = label.size();
  std::string result;
  for (const std::string& line : wrapped(text, terminal_columns - indent)) {
    result += fmt::format("{:<{}}{}\n", result.empty() ? label : "", indent, line);
  }
  return result;
}

}  // namespace heddle::conformance
