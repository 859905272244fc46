// The catalogue as text: --list and --explain.
#pragma once

#include <span>
#include <string>

#include "catalogue/clause.hpp"

namespace heddle::conformance {

/// Returns a line for each clause: id, level, sentence.
std::string list(std::span<const Clause* const> clauses);

/// Returns the same for programs: a JSON object on each line, with all that explain() says. Among
/// it are "faults", the injector's plan; "death", the signal of which the process must die; and
/// "exit_status", with which main must end. Each of these is null if the clause does not ask for
/// it.
std::string list_as_json(std::span<const Clause* const> clauses);

/// Returns everything that the catalogue knows about a clause, in words.
std::string explain(const Clause& clause);

}  // namespace heddle::conformance
