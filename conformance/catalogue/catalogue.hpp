// The catalogue: every clause of this binary, in one order.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "catalogue/clause.hpp"

namespace heddle::conformance {

/// Grows once in each release that adds a clause, retires one, or changes what a clause asks. Every
/// report carries it.
inline constexpr int catalogue_version = 1;

/// Returns all clauses, sorted by group and then by id: the same in each run of the same binary.
const std::vector<Clause>& catalogue();

/// Returns the smoke checks, whose ids begin with SMOKE. They check what every clause needs in
/// order to be judged, so they test an adapter rather than a runtime.
const std::vector<Clause>& smoke_checks();

/// Returns the groups in their order.
std::span<const std::string_view> groups();

/// Returns the clause or smoke check with this id, in upper or lower case, or null.
const Clause* find_clause(std::string_view id);

/// Returns 16 hexadecimal digits that identify the ids, levels and sentences of the catalogue.
std::string catalogue_hash();

/// Returns whether a shell pattern (* and ?) matches the id, in upper or lower case.
bool id_matches(std::string_view pattern, std::string_view id);

}  // namespace heddle::conformance
