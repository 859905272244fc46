// shell_words.hpp: a command as a shell reads it.
#pragma once

#include <span>
#include <string>

namespace heddle::inject {

/// The text as one word, quoted where a POSIX shell would otherwise not take it as it is.
std::string shell_word(const std::string& text);

/// The words, each as shell_word() has it.
std::string shell_words(std::span<const std::string> words);

}  // namespace heddle::inject
