// The catalogue as text: --list and --explain.
#pragma once

#include <span>
#include <string>

#include "catalogue/clause.hpp"

namespace heddle::conformance {

/// A line a clause: id, level, sentence.
std::string list(std::span<const Clause* const> clauses);

/// Everything that the catalogue knows of a clause, in words.
std::string explain(const Clause& clause);

}  // namespace heddle::conformance
