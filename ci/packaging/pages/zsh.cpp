#include "completions.hpp"
#include "shell_text.hpp"

namespace heddle::pages {
namespace {

std::string quoted(const std::string& text) {
  return "'" + replace(text, "'", "'\\''") + "'";
}

/// Returns a description so that a specification of _arguments may have it in brackets.
std::string explanation(const std::string& description) {
  std::string text = replace(first_sentence(description), "\\", "\\\\");
  text = replace(replace(text, "[", "\\["), "]", "\\]");
  return replace(text, ":", "\\:");
}

/// Returns the name of the function that offers the option's words.
std::string function_for(const Command& command, const Option& option) {
  return replace("_" + replace(command.name, " ", "-") + option.names.back(), "-", "_");
}

/// Returns a specification for each name of the option; any may be given several times.
std::string specification(const Command& command, const Option& option) {
  std::string text;
  for (const std::string& name : option.names) {
    const std::string suffix = option.value.empty() ? "" : name.starts_with("--") ? "=" : "+";
    std::string value;
    if (!option.value.empty()) {
      value = ":" + replace(option.value, ":", "\\:") + ":" +
              (option.choices.empty() ? "_files" : function_for(command, option));
    }
    text += "    " +
            quoted("*" + name + suffix + "[" + explanation(option.description) + "]" + value) +
            " \\\n";
  }
  return text;
}

std::string specifications(const Command& command) {
  std::string text;
  for (const Option& option : command.options) {
    text += specification(command, option);
  }
  return text;
}

/// Returns the functions that offer words for values.
std::string functions(const Command& command) {
  std::string text;
  for (const Option& option : command.options) {
    if (!option.choices.empty()) {
      text += function_for(command, option) + "() {\n  compadd \"$@\" -- " +
              join(option.choices, " ") + "\n}\n";
    }
  }
  return text;
}

std::string cases(const Command& program) {
  std::string text;
  for (const Command& command : program.commands) {
    text += "    " + own_word(command) + ")\n  _arguments \\\n" + specifications(command) +
            (takes_program(command) ? "    '*:::program and arguments:_normal'\n"
                                    : "    '*:log:_files'\n") +
            "  ;;\n";
  }
  return text;
}

}  // namespace

std::string zsh_completions(const Command& program) {
  std::string text =
      "#compdef " + program.name + "\n# Made from the program's own help.\n" + functions(program);
  if (program.commands.empty()) {
    return text + "_arguments \\\n" + specifications(program) + "    '*:subject:_files'\n";
  }
  std::string commands;
  for (const Command& command : program.commands) {
    text += functions(command);
    commands +=
        "    " +
        quoted(own_word(command) + ":" + replace(first_sentence(command.summary), ":", "\\:")) +
        "\n";
  }
  return text + "local curcontext=$curcontext state line\nlocal -a commands=(\n" + commands +
         "  )\n_arguments -C \\\n" + specifications(program) +
         "    '1:command:->command' '*::argument:->arguments'\ncase $state in\n"
         "  command) _describe command commands ;;\n"
         "  arguments)\n  case $words[1] in\n" +
         cases(program) + "  esac\n  ;;\nesac\n";
}

}  // namespace heddle::pages
