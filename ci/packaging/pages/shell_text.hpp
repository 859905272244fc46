// shell_text.hpp: pieces of text that the completions of all shells share.
#pragma once

#include <string>
#include <vector>

#include "command.hpp"

namespace heddle::pages {

inline std::string join(const std::vector<std::string>& words, const std::string& separator) {
  std::string text;
  for (const std::string& word : words) {
    text += (text.empty() ? "" : separator) + word;
  }
  return text;
}

inline std::string replace(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = text.find(from); at != std::string::npos;
       at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

/// Returns the name of a shell's function for the program.
inline std::string function_of(const Command& program) {
  return "_" + replace(program.name, "-", "_");
}

/// Returns the last word of a command's name: what is typed to choose it.
inline std::string own_word(const Command& command) {
  return command.name.substr(command.name.find_last_of(' ') + 1);
}

/// Returns the first sentence of a description, without its full stop.
inline std::string first_sentence(const std::string& description) {
  std::string sentence = description.substr(0, description.find(". "));
  if (sentence.ends_with('.')) {
    sentence.pop_back();
  }
  return replace(sentence, "\n", " ");
}

/// Says whether the command is followed by a program of the user's and its arguments.
inline bool takes_program(const Command& command) {
  return !command.positionals.empty() && command.positionals.front().value == "command";
}

}  // namespace heddle::pages
