#include "mutation/table.hpp"

#include <fmt/format.h>

#include <map>

namespace heddle::mutation {
namespace {

using Outcome = Judgement::Outcome;

// A mutant that has only passed so far counts as a survivor.
bool lived(Outcome outcome) {
  return outcome == Outcome::survived || outcome == Outcome::passed;
}

struct Counts {
  std::size_t mutants = 0, killed = 0, timed_out = 0, equivalent = 0, invalid = 0, survived = 0;

  void add(Outcome outcome, bool explained_as_equivalent) {
    ++mutants;
    killed += outcome == Outcome::killed ? 1 : 0;
    timed_out += outcome == Outcome::timed_out ? 1 : 0;
    invalid += outcome == Outcome::invalid ? 1 : 0;
    const bool same = outcome == Outcome::equivalent || explained_as_equivalent;
    equivalent += same ? 1 : 0;
    survived += lived(outcome) && !same ? 1 : 0;
  }

  std::string score() const {
    const std::size_t all = killed + timed_out + survived;
    if (all == 0) {
      return "-";
    }
    return fmt::format("{:.1f} %", 100.0 * static_cast<double>(killed) / static_cast<double>(all));
  }
};

std::string row(std::string_view name, const Counts& counts) {
  return fmt::format("{:<46} {:>7} {:>7} {:>9} {:>10} {:>7} {:>8} {:>8}\n", name, counts.mutants,
                     counts.killed, counts.timed_out, counts.equivalent, counts.invalid,
                     counts.survived, counts.score());
}

std::string shown(const Mutant& mutant, const Judgement& judgement, const Reason* reason) {
  std::string text = fmt::format("{}:{}: {} {}\n  was: {}\n  is:  {}\n", mutant.file, mutant.line,
                                 mutant.change, name_of(judgement.outcome), mutant.was, mutant.is);
  if (mutant.nth > 1) {
    text += fmt::format("  nth: {}\n", mutant.nth);
  }
  if (reason != nullptr) {
    text += fmt::format("  {}: {}\n", reason->equivalent ? "equivalent" : "accepted", reason->why);
  }
  return text;
}

}  // namespace

Summary summary_of(const std::vector<Mutant>& mutants, const Log& log, const Reasons& reasons) {
  std::map<std::string, Counts> files;
  Counts all;
  std::string with_reason;
  std::string without;
  std::string stale;
  Summary summary;
  for (const Mutant& mutant : mutants) {
    const std::optional<Judgement> judgement = log.find(mutant);
    if (!judgement) {
      continue;
    }
    const Outcome outcome = judgement->outcome;
    const Reason* const reason = reasons.find(mutant);
    const bool listable = lived(outcome) || outcome == Outcome::timed_out;
    const bool same = lived(outcome) && reason != nullptr && reason->equivalent;
    files[mutant.file].add(outcome, same);
    all.add(outcome, same);
    if (listable != (reason != nullptr)) {
      ++summary.unexplained;
    }
    if (listable) {
      (reason != nullptr ? with_reason : without) += shown(mutant, *judgement, reason);
    } else if (reason != nullptr) {
      stale += shown(mutant, *judgement, reason);
    }
  }
  summary.text =
      fmt::format("{:<46} {:>7} {:>7} {:>9} {:>10} {:>7} {:>8} {:>8}\n", "file", "mutants",
                  "killed", "timed out", "equivalent", "invalid", "survived", "score");
  for (const auto& [file, counts] : files) {
    summary.text += row(file, counts);
  }
  summary.text += row("all", all);
  const auto section = [&](std::string_view title, const std::string& text) {
    if (!text.empty()) {
      summary.text += fmt::format("\n{}\n\n{}", title, text);
    }
  };
  section("Survivors with a reason:", with_reason);
  section("Listed as survivors, though they are not:", stale);
  section("Survivors without a reason:", without);
  return summary;
}

}  // namespace heddle::mutation
