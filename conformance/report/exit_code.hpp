// The exit code of a run, from its records. conformance/README.md has the table.
#pragma once

#include <algorithm>
#include <array>

#include "command_line/options.hpp"
#include "report/tally.hpp"
#include "report/verdict_sentence.hpp"
#include "verdict/record.hpp"

namespace heddle::conformance {

/// Returns the exit code for the records of one subject. A selection of clauses claims nothing
/// about the rest, so it has no floor.
inline ExitCode exit_code_of(const Tally& tally, const Header& header) {
  if (tally.fails() != 0) {
    return exit_not_conforming;
  }
  if (tally.internal_errors != 0) {
    return exit_internal;
  }
  if (!header.smoke_failures.empty()) {
    return exit_subject;
  }
  if (tally.flaky != 0) {
    return exit_flaky;
  }
  const bool below_floor = !is_partial(header, false) && !tally.reaches_floor();
  return tally.judged() == 0 || below_floor ? exit_nothing : exit_conforming;
}

/// Returns that of two exit codes which matters more to a user.
inline ExitCode graver(ExitCode left, ExitCode right) {
  constexpr std::array<ExitCode, 6> order = {exit_subject, exit_not_conforming, exit_internal,
                                             exit_flaky,   exit_nothing,        exit_conforming};
  return *std::find_if(order.begin(), order.end(),
                       [&](ExitCode code) { return code == left || code == right; });
}

}  // namespace heddle::conformance
