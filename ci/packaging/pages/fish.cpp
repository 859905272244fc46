#include "completions.hpp"
#include "shell_text.hpp"

namespace heddle::pages {
namespace {

std::string quoted(const std::string& text) {
  return "'" + replace(replace(text, "\\", "\\\\"), "'", "\\'") + "'";
}

/// Returns a line for each option, which holds under `condition`.
std::string lines_of(const Command& command, const std::string& start) {
  std::string text;
  for (const Option& option : command.options) {
    std::string line = start;
    for (const std::string& name : option.names) {
      line += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
    }
    if (!option.choices.empty()) {
      line += " -x -a " + quoted(join(option.choices, " "));
    } else if (!option.value.empty()) {
      line += " -r";
    }
    text += line + " -d " + quoted(first_sentence(option.description)) + '\n';
  }
  return text;
}

}  // namespace

std::string fish_completions(const Command& program) {
  const std::string start = "complete -c " + program.name;
  std::string text = "# Completions of " + program.name + " for fish, made from its own help.\n";
  if (program.commands.empty()) {
    return text + lines_of(program, start);
  }
  const std::string before_command = start + " -n __fish_use_subcommand";
  for (const Command& command : program.commands) {
    text += before_command + " -f -a " + own_word(command) + " -d " +
            quoted(first_sentence(command.summary)) + '\n';
  }
  text += lines_of(program, before_command);
  for (const Command& command : program.commands) {
    text +=
        lines_of(command, start + " -n '__fish_seen_subcommand_from " + own_word(command) + "'");
  }
  return text;
}

}  // namespace heddle::pages
