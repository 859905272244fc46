// The catalogue: every clause of this binary, in one order.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "catalogue/clause.hpp"

namespace heddle::conformance {

/// Grows once in each release that adds a clause, retires one or changes what one asks. Every
/// report carries it.
inline constexpr int catalogue_version = 1;

/// All clauses, by group and then by id. The same in each run of the same binary.
const std::vector<Clause>& catalogue();

/// Checks of a subject's adapter rather than of its runtime: the ids begin with SMOKE. Each is
/// something without which no clause could be judged.
const std::vector<Clause>& smoke_checks();

/// The groups in their order.
std::span<const std::string_view> groups();

/// The clause or smoke check of this id, in any case of letters, or null.
const Clause* find_clause(std::string_view id);

/// Identifies the ids, levels and sentences of the catalogue: 16 hexadecimal digits.
std::string catalogue_hash();

/// A shell pattern (* and ?) over ids, in any case of letters.
bool id_matches(std::string_view pattern, std::string_view id);

}  // namespace heddle::conformance
