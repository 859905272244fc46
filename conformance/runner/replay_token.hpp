// The token of --replay: one complete case as a word that can be pasted.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "catalogue/clause.hpp"

namespace heddle::conformance {

/// One case: a clause, and the program that its check is run on.
struct Replay {
  const Clause* clause = nullptr;
  Program program;
};

/// Returns CLAUSE:PROGRAM:CHECK. The check sum covers the clause's text, so a catalogue in which
/// the clause means something else refuses the token.
std::string replay_token(const Clause& clause, const Program& program);

/// Reads a token. An error is one line that says what is wrong with the token.
tl::expected<Replay, std::string> replay_from_token(std::string_view token);

std::string program_to_hex(const Program& program);
std::optional<Program> program_from_hex(std::string_view text);

}  // namespace heddle::conformance
