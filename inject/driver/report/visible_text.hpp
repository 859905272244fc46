// visible_text.hpp: foreign text in a form that a terminal shows and never obeys.
#pragma once

#include <fmt/core.h>

#include <cstdio>
#include <string>
#include <string_view>
#include <utility>

namespace heddle::inject {

/// Spells out what a terminal may obey, as in "\x1b[2J": control characters other than tab and
/// newline, and bytes that are not UTF-8.
std::string visible(std::string_view text);

/// Prints visible text on standard error. Failures are ignored, since such text changes no status.
template <typename... Arguments>
void tell(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
  const std::string text = visible(fmt::format(format, std::forward<Arguments>(arguments)...));
  static_cast<void>(std::fputs(text.c_str(), stderr));
}

/// Prints on standard output, visibly, text with parts from names, logs and programs.
template <typename... Arguments>
void say(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
  fmt::print("{}", visible(fmt::format(format, std::forward<Arguments>(arguments)...)));
}

}  // namespace heddle::inject
