#include "mutation/reasons.hpp"

#include <fmt/format.h>

#include <set>
#include <sstream>
#include <stdexcept>

namespace heddle::mutation {
namespace {

[[noreturn]] void refuse(std::size_t line, std::string_view message) {
  throw std::runtime_error(fmt::format("survivors, line {}: {}", line, message));
}

struct Entry {
  std::string key;
  std::string value;
  std::size_t line = 0;
};

// Returns the lines "key: value", each with those that continue it, and an entry without a key for
// each empty line.
std::vector<Entry> entries_of(std::string_view text) {
  std::vector<Entry> entries;
  std::istringstream lines{std::string(text)};
  std::size_t number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    const std::size_t begin = line.find_first_not_of(' ');
    if (begin == std::string::npos) {
      entries.push_back({{}, {}, number});
    } else if (begin > 0 && !entries.empty() && !entries.back().key.empty()) {
      entries.back().value += " " + line.substr(begin);
    } else if (line.front() != '#') {
      const std::size_t colon = line.find(": ");
      if (begin > 0 || colon == std::string::npos) {
        refuse(number, "no \"key: value\"");
      }
      entries.push_back({line.substr(0, colon), line.substr(colon + 2), number});
    }
  }
  entries.push_back({{}, {}, number + 1});
  return entries;
}

}  // namespace

Reasons::Reasons(std::string_view text) {
  Stanza stanza;
  for (const Entry& entry : entries_of(text)) {
    if (entry.key.empty()) {
      add(stanza, entry.line);
      stanza = {};
    } else if (entry.key == "file" && stanza.file.empty()) {
      stanza.file = entry.value;
    } else if (entry.key == "was" && !stanza.file.empty()) {
      stanza.names.emplace_back(stanza.file, entry.value, "", 1);
    } else if (entry.key == "is" && !stanza.names.empty()) {
      // Several changes of the same lines share their `was`.
      if (!std::get<2>(stanza.names.back()).empty()) {
        stanza.names.emplace_back(stanza.file, std::get<1>(stanza.names.back()), "", 1);
      }
      std::get<2>(stanza.names.back()) = entry.value;
    } else if (entry.key == "nth" && !stanza.names.empty()) {
      std::get<3>(stanza.names.back()) = std::stoul(entry.value);
    } else if ((entry.key == "equivalent" || entry.key == "accepted") && !stanza.names.empty() &&
               stanza.reason.why.empty()) {
      stanza.reason = {entry.key == "equivalent", entry.value};
    } else {
      refuse(entry.line, fmt::format("\"{}\" does not belong here", entry.key));
    }
  }
}

void Reasons::add(const Stanza& stanza, std::size_t line) {
  if (stanza.file.empty()) {
    return;
  }
  if (stanza.names.empty() || stanza.reason.why.empty()) {
    refuse(line, "the stanza above lacks a mutant or a reason");
  }
  for (const Name& name : stanza.names) {
    if (!reasons_.emplace(name, stanza.reason).second) {
      refuse(line, fmt::format("named twice: {}", std::get<1>(name)));
    }
  }
}

const Reason* Reasons::find(const Mutant& mutant) const {
  const auto found = reasons_.find(mutant.name());
  return found == reasons_.end() ? nullptr : &found->second;
}

std::vector<std::string> Reasons::unknown(const std::vector<Mutant>& mutants) const {
  std::set<Name> names;
  for (const Mutant& mutant : mutants) {
    names.insert(mutant.name());
  }
  std::vector<std::string> texts;
  for (const auto& [name, reason] : reasons_) {
    if (!names.contains(name)) {
      texts.push_back(
          fmt::format("{}: {}  =>  {}", std::get<0>(name), std::get<1>(name), std::get<2>(name)));
    }
  }
  return texts;
}

}  // namespace heddle::mutation
