#include "man_page.hpp"

#include <algorithm>
#include <cctype>
#include <sstream>
#include <string_view>
#include <vector>

namespace heddle::pages {
namespace {

/// Returns the text so that roff prints it as it is: as ASCII, and with nothing that it would take
/// for a request.
std::string literal(std::string_view text) {
  std::string result;
  if (text.starts_with('.') || text.starts_with('\'')) {
    result = "\\&";
  }
  for (const char character : text) {
    switch (character) {
      case '\\':
        result += "\\e";
        break;
      case '-':
        result += "\\-";
        break;
      case '\'':
        result += "\\(aq";
        break;
      case '`':
        result += "\\(ga";
        break;
      case '^':
        result += "\\(ha";
        break;
      case '~':
        result += "\\(ti";
        break;
      default:
        result += character;
    }
  }
  return result;
}

std::string bold(std::string_view text) {
  return "\\fB" + literal(text) + "\\fR";
}

std::string italic(std::string_view text) {
  return "\\fI" + literal(text) + "\\fR";
}

/// Returns prose with a line for each sentence, and further lines where one gets long: roff fills
/// them anew.
std::string prose(const std::string& text) {
  constexpr std::size_t width = 72;
  std::istringstream words(text);
  std::string result;
  std::string line;
  for (std::string word; words >> word;) {
    if (!line.empty() && line.size() + word.size() >= width) {
      result += literal(line) + '\n';
      line.clear();
    }
    line += (line.empty() ? "" : " ") + word;
    if (word.ends_with('.') || word.ends_with(".)")) {
      result += literal(line) + '\n';
      line.clear();
    }
  }
  return line.empty() ? result : result + literal(line) + '\n';
}

/// Returns a block of the help: indented lines stay as they are, others are prose.
std::string block(const std::vector<std::string>& lines) {
  std::string result;
  std::string pending;
  bool is_table = false;
  const auto end_prose = [&] {
    result += prose(pending);
    pending.clear();
  };
  for (const std::string& line : lines) {
    const bool indented = line.starts_with("  ");
    if (indented != is_table) {
      end_prose();
      result += indented ? ".nf\n" : ".fi\n";
      is_table = indented;
    }
    if (indented) {
      result += literal(line) + '\n';
    } else {
      pending += line + ' ';
    }
  }
  end_prose();
  return is_table ? result + ".fi\n" : result;
}

/// The text after the options, by the sections of a page.
struct Sections {
  std::string description, status, examples;
};

Sections sections_of(const std::string& text) {
  Sections sections;
  std::istringstream stream(text + "\n\n");
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) {
    if (!line.empty()) {
      lines.push_back(line);
      continue;
    }
    if (lines.empty()) {
      continue;
    }
    std::string* section = &sections.description;
    for (const auto& [heading, named] :
         {std::pair("Exit status:", &sections.status), std::pair("Exit codes:", &sections.status),
          std::pair("Examples:", &sections.examples)}) {
      if (lines.front().starts_with(heading)) {
        section = named;
        lines.front().erase(0, std::string_view(heading).size());
        if (lines.front().empty()) {
          lines.erase(lines.begin());
        }
      }
    }
    *section += (section->empty() ? "" : ".PP\n") + block(lines);
    lines.clear();
  }
  return sections;
}

std::string dashed(std::string name) {
  std::replace(name.begin(), name.end(), ' ', '-');
  return name;
}

std::string reference(const std::string& name) {
  return ".BR " + literal(dashed(name)) + " (1)";
}

std::string synopsis(const Command& command) {
  std::string text = bold(command.name) + " [" + italic("OPTIONS") + "]";
  for (const Option& positional : command.positionals) {
    text += " " + italic(positional.value);
    // The program's own words, and a list of subjects.
    if (positional.value == "command" || positional.value == "SUBJECT") {
      text += " ...";
    }
  }
  return command.commands.empty() ? text : text + " " + italic("COMMAND") + " ...";
}

std::string options(const Command& command) {
  std::string text;
  std::string group;
  for (const Option& option : command.options) {
    if (option.group != group && option.group != "Options") {
      text += ".SS " + literal(option.group) + '\n';
    }
    group = option.group;
    text += ".TP\n";
    std::string names;
    for (const std::string& name : option.names) {
      names += (names.empty() ? "" : ", ") + bold(name);
    }
    text += names + (option.value.empty() ? "" : " " + italic(option.value)) + '\n';
    text += prose(option.description);
  }
  return text;
}

std::string arguments(const Command& command) {
  std::string text;
  for (const Option& positional : command.positionals) {
    text += ".TP\n" + italic(positional.value) + '\n' + prose(positional.description);
  }
  return text;
}

std::string commands(const Command& command) {
  std::string text;
  for (const Command& inner : command.commands) {
    text += ".TP\n" + reference(inner.name) + '\n' + prose(inner.summary);
  }
  return text;
}

/// Returns the summary as the line after the name has it: without capital and full stop.
std::string purpose(std::string summary) {
  summary[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(summary[0])));
  if (summary.ends_with('.')) {
    summary.pop_back();
  }
  return summary;
}

std::string section(const char* name, const std::string& text) {
  return text.empty() ? "" : ".SH " + std::string(name) + '\n' + text;
}

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char letter) { return static_cast<char>(std::toupper(letter)); });
  return text;
}

std::string page(const Command& command, const std::string& others, const Release& release) {
  const std::string name = dashed(command.name);
  const Sections after = sections_of(command.text);
  return ".\\\" Made from the program's own help.\n.TH " + literal(upper(name)) + " 1 " +
         release.date + " \"Heddle " + release.version + "\"\n" +
         section("NAME", literal(name) + " \\-\n" + prose(purpose(command.summary))) +
         section("SYNOPSIS", synopsis(command) + '\n') +
         section("DESCRIPTION",
                 prose(command.summary) + arguments(command) +
                     (after.description.empty() ? "" : ".PP\n" + after.description)) +
         section("COMMANDS", commands(command)) + section("OPTIONS", options(command)) +
         section("EXIT STATUS", after.status) + section("EXAMPLES", after.examples) +
         section("SEE ALSO", others);
}

/// Returns the lines that refer to other pages, a comma between them.
std::string see(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) {
    text += reference(name) + (&name == &names.back() ? "\n" : " ,\n");
  }
  return text;
}

}  // namespace

std::map<std::string, std::string> man_pages(const Command& program, const Release& release) {
  const std::string other = program.name == "heddle-conform" ? "heddle-inject" : "heddle-conform";
  std::map<std::string, std::string> pages;
  std::vector<std::string> inner = {other};
  for (const Command& command : program.commands) {
    inner.push_back(command.name);
    pages[dashed(command.name) + ".1"] = page(command, see({program.name}), release);
  }
  pages[program.name + ".1"] = page(program, see(inner), release);
  return pages;
}

}  // namespace heddle::pages
