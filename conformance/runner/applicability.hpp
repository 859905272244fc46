// The clauses that apply to a subject.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "catalogue/clause.hpp"
#include "runner/loaded_subject.hpp"
#include "verdict/record.hpp"

namespace heddle::conformance {

/// The reason why a clause is not asked of a subject.
struct NotAsked {
  Verdict verdict;  ///< not_applicable or untested
  std::string reason;
};

/// Returns why the clause does not apply to the subject; nothing if it applies. Every way to run a
/// clause asks this first.
std::optional<NotAsked> reason_not_to_ask(const Clause& clause, const Description& subject);

/// Returns what the subject's table lacks, and how many of the clauses each lack costs, the
/// costliest first. Clauses that are asked only of other profiles, or have no check, do not count.
std::vector<Lack> costs_of_lacks(std::span<const Clause* const> clauses,
                                 const Description& subject);

}  // namespace heddle::conformance
