// completions.hpp: what shells read to complete a command line.
#pragma once

#include <string>

#include "command.hpp"

namespace heddle::pages {

/// Each returns the whole file for its shell.
std::string bash_completions(const Command& program);
std::string zsh_completions(const Command& program);
std::string fish_completions(const Command& program);

}  // namespace heddle::pages
