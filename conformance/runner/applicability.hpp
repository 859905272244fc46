// Which clauses are asked of a subject.
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

/// Why a clause is not asked of a subject.
struct NotAsked {
  Verdict verdict;  ///< not_applicable or untested
  std::string reason;
};

/// Answers whether the clause applies to the subject; nothing when it does. Every way to run a
/// clause asks this first.
std::optional<NotAsked> reason_not_to_ask(const Clause& clause, const Description& subject);

/// How many of the clauses each thing costs that the subject's table lacks, what costs most first.
/// Clauses that would be asked of another profile only, or have no check, do not count.
std::vector<Lack> costs_of_lacks(std::span<const Clause* const> clauses,
                                 const Description& subject);

}  // namespace heddle::conformance
