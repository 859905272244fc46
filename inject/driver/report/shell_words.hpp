// shell_words.hpp: a command as a shell reads it.
#pragma once

#include <span>
#include <string>

namespace heddle::inject {

/// The words, quoted where a POSIX shell would otherwise not take them as they are.
std::string shell_words(std::span<const std::string> words);

}  // namespace heddle::inject
