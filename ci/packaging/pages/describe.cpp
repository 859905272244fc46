#include <CLI/CLI.hpp>
#include <algorithm>
#include <iterator>
#include <sstream>

#include "catalogue/catalogue.hpp"
#include "command.hpp"
#include "command_line/application.hpp"
#include "command_line/option_grammar.hpp"
#include "plan/injectable_calls.hpp"

namespace heddle::pages {
namespace {

using Words = std::vector<std::string>;

Words split(const std::string& text, char separator) {
  Words words;
  std::istringstream stream(text);
  for (std::string word; std::getline(stream, word, separator);) {
    words.push_back(word);
  }
  return words;
}

Words clause_ids() {
  Words ids;
  for (const conformance::Clause& clause : conformance::catalogue()) {
    ids.emplace_back(clause.id);
  }
  return ids;
}

Words call_names() {
  Words names;
  for (const inject::InjectableCall& call : inject::injectable_calls()) {
    names.emplace_back(call.name);
  }
  return names;
}

/// Reads `NAME:{one,other}`, as CLI11 says the type of an option that checks its value.
void read_type(const std::string& type, Option& option) {
  option.value = type.substr(0, type.find(':'));
  const std::size_t open = type.find('{');
  const std::size_t close = type.find('}');
  if (open < close && close != std::string::npos) {
    option.choices = split(type.substr(open + 1, close - open - 1), ',');
  }
}

Option describe(const CLI::Option& described) {
  Option option;
  for (const std::string& name : described.get_snames()) {
    option.names.push_back("-" + name);
  }
  for (const std::string& name : described.get_lnames()) {
    option.names.push_back("--" + name);
  }
  option.group = described.get_group();
  option.description = described.get_description();
  if (described.get_positional()) {
    option.value = described.get_name(true);
  } else if (described.get_items_expected_max() > 0 && described.get_type_size() > 0) {
    read_type(described.get_option_text().empty() ? described.get_type_name()
                                                  : described.get_option_text(),
              option);
  }
  return option;
}

bool has_name(const Option& option, const std::string& name) {
  return std::find(option.names.begin(), option.names.end(), name) != option.names.end();
}

Command describe(const CLI::App& application, const std::string& name) {
  Command command{name, application.get_description(), {}, {}, application.get_footer(), {}};
  for (const CLI::Option* const described : application.get_options()) {
    const Option option = describe(*described);
    (option.names.empty() ? command.positionals : command.options).push_back(option);
  }
  for (const CLI::App* const inner : application.get_subcommands({})) {
    command.commands.push_back(describe(*inner, name + " " + inner->get_name()));
  }
  return command;
}

}  // namespace

Command describe_inject() {
  CLI::App application;
  int status = 0;
  inject::describe_command_line(application, status);
  Command program = describe(application, application.get_name());
  for (Command& command : program.commands) {
    for (Option& option : command.options) {
      if (has_name(option, "--plan") || has_name(option, "--calls")) {
        option.choices = call_names();
      }
    }
  }
  return program;
}

Command describe_conform() {
  CLI::App application;
  conformance::Written written;
  const conformance::Grammar grammar(application, written, "heddle-conform");
  Command program = describe(application, application.get_name());
  for (Option& option : program.options) {
    if (option.value == "CLAUSE" || option.value == "GLOB") {
      option.choices = clause_ids();
    }
    for (const auto& [name, words] : conformance::words_of_options) {
      if (has_name(option, std::string(name))) {
        option.choices = split(std::string(words), ' ');
      }
    }
  }
  return program;
}

}  // namespace heddle::pages
