#include "completions.hpp"
#include "shell_text.hpp"

namespace heddle::pages {
namespace {

/// Returns the words that may stand where no value is due.
std::string words_of(const Command& command) {
  std::vector<std::string> words;
  for (const Command& inner : command.commands) {
    words.push_back(own_word(inner));
  }
  for (const Option& option : command.options) {
    words.insert(words.end(), option.names.begin(), option.names.end());
  }
  return join(words, " ");
}

/// Returns the cases of options with a value: the words it may be, or none, so that bash offers
/// files.
std::string values_of(const Command& command) {
  std::string cases;
  for (const Option& option : command.options) {
    if (option.value.empty()) {
      continue;
    }
    std::vector<std::string> patterns;
    for (const std::string& name : option.names) {
      patterns.push_back(own_word(command) + ":" + name);
    }
    cases += "    " + join(patterns, "|") + ") words=\"" + join(option.choices, " ") + "\" ;;\n";
  }
  return cases;
}

}  // namespace

std::string bash_completions(const Command& program) {
  std::string places;
  std::string values = values_of(program);
  std::string words;
  for (const Command& command : program.commands) {
    const std::string word = own_word(command);
    places += "      " + program.name + ":" + word + ") place=" + word + " ;;\n";
    values += values_of(command);
    words += "        " + word + ") words=\"" + words_of(command) + "\" ;;\n";
  }
  words += "        *) words=\"" + words_of(program) + "\" ;;\n";
  // A word after -- belongs to the user's program. Bash splits --option=value into three words.
  return replace("# Completions of PROGRAM for bash, made from its own help.\n" +
                     function_of(program) +
                     R"(() {
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
  local place=PROGRAM index words=""
  for ((index = 1; index < COMP_CWORD; ++index)); do
    case $place:${COMP_WORDS[index]} in
)" + places +
                     R"(      *:--)
        if declare -F _command_offset >/dev/null; then
          _command_offset $((index + 1))
        fi
        return
        ;;
    esac
  done
  if [[ $word == = ]]; then
    word=""
  elif [[ $before == = ]]; then
    before=${COMP_WORDS[COMP_CWORD - 2]}
  fi
  case $place:$before in
)" + values +
                     R"(    *)
      case $place in
)" + words + R"(      esac
      ;;
  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
}
complete -o bashdefault -o default -F )" +
                     function_of(program) + " PROGRAM\n",
                 "PROGRAM", program.name);
}

}  // namespace heddle::pages
