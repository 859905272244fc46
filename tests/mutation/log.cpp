#include "mutation/log.hpp"

#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

namespace heddle::mutation {
namespace {

using Outcome = Judgement::Outcome;

constexpr std::array<std::pair<Outcome, const char*>, 6> names = {{
    {Outcome::killed, "killed"},
    {Outcome::timed_out, "timed out"},
    {Outcome::passed, "passed"},
    {Outcome::survived, "survived"},
    {Outcome::equivalent, "equivalent"},
    {Outcome::invalid, "invalid"},
}};

}  // namespace

std::string name_of(Outcome outcome) {
  for (const auto& [each, name] : names) {
    if (each == outcome) {
      return name;
    }
  }
  return {};
}

std::optional<Outcome> outcome_named(const std::string& name) {
  for (const auto& [outcome, each] : names) {
    if (each == name) {
      return outcome;
    }
  }
  return std::nullopt;
}

Log::Log(std::string path) {
  std::ifstream lines(path);
  std::size_t number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    const auto entry = nlohmann::json::parse(line, nullptr, false);
    const auto outcome =
        entry.is_object() ? outcome_named(entry.value("outcome", "")) : std::nullopt;
    if (!outcome) {
      throw std::runtime_error(fmt::format("{}:{}: no judgement of a mutant", path, number));
    }
    judgements_.insert_or_assign(
        Name(entry.at("file"), entry.at("was"), entry.at("is"), entry.at("nth")),
        Judgement{*outcome, entry.value("clause", ""), entry.value("cause", ""),
                  entry.value("happened", "")});
  }
  file_.open(path, std::ios::app);
  if (!file_) {
    throw std::runtime_error("cannot write " + path);
  }
}

std::optional<Judgement> Log::find(const Mutant& mutant) const {
  const std::lock_guard lock(mutex_);
  const auto found = judgements_.find(mutant.name());
  return found == judgements_.end() ? std::nullopt : std::optional(found->second);
}

void Log::add(const Mutant& mutant, const Judgement& judgement) {
  const nlohmann::ordered_json entry = {{"file", mutant.file},
                                        {"line", mutant.line},
                                        {"change", mutant.change},
                                        {"was", mutant.was},
                                        {"is", mutant.is},
                                        {"nth", mutant.nth},
                                        {"outcome", name_of(judgement.outcome)},
                                        {"clause", judgement.clause},
                                        {"cause", judgement.cause},
                                        {"happened", judgement.happened}};
  const std::lock_guard lock(mutex_);
  // What a subject printed need not be UTF-8.
  file_ << entry.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) << "\n"
        << std::flush;
  judgements_.insert_or_assign(Name(mutant.name()), judgement);
}

}  // namespace heddle::mutation
