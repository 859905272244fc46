#include "command_line/listing.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "program/signal_name.hpp"

namespace heddle::conformance {
namespace {

std::vector<std::string_view> names_of(std::span<const Feature> features) {
  std::vector<std::string_view> names;
  std::ranges::transform(features, std::back_inserter(names),
                         [](Feature feature) { return name_of(feature); });
  return names;
}

std::string name_of(const Death& death) {
  return inject::signal_name(death.signal).value();
}

std::vector<std::string_view> spellings(std::span<const ProfileRange> profiles) {
  std::vector<std::string_view> names;
  std::ranges::transform(profiles, std::back_inserter(names), &ProfileRange::spelling);
  return names;
}

// Returns "heddle", "rust-1.63 to 1.80", or "rust-1.81 and later".
std::string in_words(const ProfileRange& profiles) {
  const std::string_view spelling = profiles.spelling();
  const std::size_t dots = spelling.find("..");
  if (dots == std::string_view::npos) {
    return std::string(spelling);
  }
  const std::string_view first = spelling.substr(0, dots);
  const std::string_view last = spelling.substr(dots + 2);
  return last.empty() ? fmt::format("{} and later", first) : fmt::format("{} to {}", first, last);
}

std::string in_words(std::span<const ProfileRange> profiles) {
  std::vector<std::string> words;
  for (const ProfileRange& range : profiles) {
    words.push_back(in_words(range));
  }
  return fmt::format("{}", fmt::join(words, ", "));
}

std::string asked_of(const Clause& clause) {
  const std::vector<std::string_view> features = names_of(clause.needs);
  std::string text = clause.level == Level::profile
                         ? fmt::format("subjects of profile {}", in_words(clause.profiles))
                         : "every subject";
  if (!features.empty()) {
    text += fmt::format(" that offer{}: {}", clause.level == Level::profile ? "" : "s",
                        fmt::join(features, ", "));
  }
  return text;
}

std::string decided_by(const Clause& clause) {
  if (!clause.untested.empty()) {
    return "not checked: " + clause.untested;
  }
  std::string text = clause.scenario.programs
                         ? "a property: many generated scenarios, shrunk to the smallest that fails"
                         : "an example: one scenario";
  if (!clause.faults.empty()) {
    text += fmt::format(", while the injector has {}", plan_expressions(clause.faults));
  }
  if (clause.death) {
    text += "; the process must die of " + name_of(*clause.death);
  }
  if (clause.exit_status) {
    text += fmt::format("; main must end with status {}", *clause.exit_status);
  }
  if (!clause.leaks.empty()) {
    text += fmt::format("; with --check a leak is none here: {}", clause.leaks);
  }
  if (!clause.wild_accesses.empty()) {
    text += fmt::format("; with --check the suite's own accesses are no error here: {}",
                        clause.wild_accesses);
  }
  return text;
}

}  // namespace

std::string list(std::span<const Clause* const> clauses) {
  std::string text;
  for (const Clause* const clause : clauses) {
    text += fmt::format(
        "{:<10} {:<8} {}{}{}\n", clause->id, name_of(clause->level), clause->sentence,
        clause->profiles.empty() ? "" : fmt::format(" ({})", in_words(clause->profiles)),
        clause->untested.empty() ? "" : " (untested)");
  }
  return text;
}

std::string list_as_json(std::span<const Clause* const> clauses) {
  std::string text;
  for (const Clause* const clause : clauses) {
    nlohmann::ordered_json line;
    line["clause"] = clause->id;
    line["group"] = clause->group;
    line["level"] = name_of(clause->level);
    line["sentence"] = clause->sentence;
    line["source"] = clause->source;
    line["quotation"] = clause->quotation;
    line["profiles"] = spellings(clause->profiles);
    line["needs"] = names_of(clause->needs);
    line["untested"] = clause->untested;
    line["property"] = static_cast<bool>(clause->scenario.programs);
    line["faults"] = clause->faults.empty()
                         ? nlohmann::ordered_json()
                         : nlohmann::ordered_json(plan_expressions(clause->faults));
    line["death"] =
        clause->death ? nlohmann::ordered_json(name_of(*clause->death)) : nlohmann::ordered_json();
    line["exit_status"] = clause->exit_status ? nlohmann::ordered_json(*clause->exit_status)
                                              : nlohmann::ordered_json();
    text += line.dump() + "\n";
  }
  return text;
}

std::string explain(const Clause& clause) {
  const std::string quotation =
      clause.quotation.empty() ? "" : fmt::format("  quotation:  \"{}\"\n", clause.quotation);
  return fmt::format("{}  ({})\n\n  {}\n\n  source:     {}\n{}  asked of:   {}\n  decided by: {}\n",
                     clause.id, name_of(clause.level), clause.sentence, clause.source, quotation,
                     asked_of(clause), decided_by(clause));
}

}  // namespace heddle::conformance
