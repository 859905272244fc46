// The catalogue as text: --list and --explain.
#pragma once

#include <span>
#include <string>

#include "catalogue/clause.hpp"

namespace heddle::conformance {

/// A line a clause: id, level, sentence.
std::string list(std::span<const Clause* const> clauses);

/// The same for programs: an object a line, with all that explain() says, and what is not decided
/// by a verdict: "faults", the plan that the injector has; "death", the signal that the process
/// must die of; "exit_status", which main must end with. Either is null when nothing is asked.
std::string list_as_json(std::span<const Clause* const> clauses);

/// Everything that the catalogue knows of a clause, in words.
std::string explain(const Clause& clause);

}  // namespace heddle::conformance
