#include "runner/applicability.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>

namespace heddle::conformance {
namespace {

std::set<std::string> lacked_by(const Clause& clause, const Description& subject) {
  std::set<std::string> names;
  for (const Feature feature : clause.needs) {
    const auto lacked = subject.lacked_for(feature);
    names.insert(lacked.begin(), lacked.end());
  }
  return names;
}

}  // namespace

std::optional<NotAsked> reason_not_to_ask(const Clause& clause, const Description& subject) {
  if (!clause.untested.empty()) {
    return NotAsked{Verdict::untested, clause.untested};
  }
  for (const Feature feature : clause.needs) {
    const auto lacked = subject.lacked_for(feature);
    if (!lacked.empty()) {
      return NotAsked{Verdict::not_applicable,
                      fmt::format("the subject does not offer: {} (it lacks {})", name_of(feature),
                                  fmt::join(lacked, ", "))};
    }
  }
  if (!claims(clause, subject.profile)) {
    return NotAsked{Verdict::not_applicable,
                    subject.profile.empty()
                        ? "the subject follows no profile"
                        : fmt::format("the profile {} does not claim it", subject.profile)};
  }
  return std::nullopt;
}

std::vector<Lack> costs_of_lacks(std::span<const Clause* const> clauses,
                                 const Description& subject) {
  std::map<std::string, std::uint64_t> costs;
  for (const Clause* const clause : clauses) {
    if (!clause->untested.empty() || !claims(*clause, subject.profile)) {
      continue;
    }
    for (const std::string& name : lacked_by(*clause, subject)) {
      ++costs[name];
    }
  }
  std::vector<Lack> lacks;
  for (const auto& [name, count] : costs) {
    lacks.push_back({name, count});
  }
  std::stable_sort(lacks.begin(), lacks.end(), [](const Lack& left, const Lack& right) {
    return left.clauses > right.clauses;
  });
  return lacks;
}

}  // namespace heddle::conformance
