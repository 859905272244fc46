// shell_words.hpp: the words of a command, quoted for a shell.
#pragma once

#include <span>
#include <string>

namespace heddle::inject {

/// Writes the text as one word, quoted if a POSIX shell would otherwise change it.
std::string shell_word(const std::string& text);

/// Writes the words as one line, each by shell_word().
std::string shell_words(std::span<const std::string> words);

}  // namespace heddle::inject
