// visible_text.hpp: text of anyone's on a terminal, which must not take it for orders.
#pragma once

#include <fmt/core.h>

#include <cstdio>
#include <string>
#include <string_view>
#include <utility>

namespace heddle::inject {

/// The text with all that a terminal may obey spelled out, as in "\x1b[2J": control characters but
/// for tabs and ends of lines, and bytes that are no UTF-8.
std::string visible(std::string_view text);

/// Prints on standard error, as far as anybody can hear: what is said there changes no status.
template <typename... Arguments>
void tell(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
  const std::string text = visible(fmt::format(format, std::forward<Arguments>(arguments)...));
  static_cast<void>(std::fputs(text.c_str(), stderr));
}

/// Prints on standard output what names, logs and programs have had a part in.
template <typename... Arguments>
void say(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
  fmt::print("{}", visible(fmt::format(format, std::forward<Arguments>(arguments)...)));
}

}  // namespace heddle::inject
