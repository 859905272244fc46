// command.hpp: a command line as its pages and completions show it.
#pragma once

#include <string>
#include <vector>

namespace heddle::pages {

struct Option {
  std::vector<std::string> names;    ///< such as -e and --plan; a positional has none
  std::string value;                 ///< what stands for its value; empty: it takes none
  std::vector<std::string> choices;  ///< the words that its value may be; empty: any word
  std::string group;                 ///< the heading in the help
  std::string description;
};

/// A program, or one of its commands.
struct Command {
  std::string name;  ///< the words of a call, such as "heddle-inject run"
  std::string summary;
  std::vector<Option> options;
  std::vector<Option> positionals;
  std::string text;  ///< what the help says after the options
  std::vector<Command> commands;
};

/// Returns heddle-inject with its commands, read from what its --help is printed from.
Command describe_inject();

/// Returns heddle-conform, read from what its --help is printed from. Options that take clauses
/// have the ids of all clauses as choices.
Command describe_conform();

}  // namespace heddle::pages
