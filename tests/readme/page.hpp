// A page of the documentation, as its readers see it.
#pragma once

#include <string>
#include <vector>

namespace heddle::tests {

/// The lines of a page. `name` is its path from the top of the tree. Throws when there is none.
std::vector<std::string> page(const std::string& name);

/// A command that a page shows behind "$ ", and the lines that it prints.
struct ShownCommand {
  std::string command;
  std::vector<std::string> output;
};

/// The commands of one fenced block, which build on one another.
using ShownBlock = std::vector<ShownCommand>;

/// The fenced blocks of a page that begin with a command.
std::vector<ShownBlock> shown_blocks(const std::string& name);

/// Whether the printed lines are the shown ones, of which "..." stands for any number.
bool is_shown(const std::vector<std::string>& shown, const std::vector<std::string>& printed);

}  // namespace heddle::tests
