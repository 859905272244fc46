// shell_words.h: a command as a shell reads it.
#ifndef HEDDLE_INJECT_DRIVER_SHELL_WORDS_H
#define HEDDLE_INJECT_DRIVER_SHELL_WORDS_H

#include <span>
#include <string>

namespace heddle::inject {

/// The words, quoted where a POSIX shell would otherwise not take them as they are.
std::string shell_words(std::span<const std::string> words);

}  // namespace heddle::inject

#endif
