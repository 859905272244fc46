// The one sentence that says what a run found out about a subject. Only this file decides its
// words.
#pragma once

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "report/tally.hpp"
#include "verdict/record.hpp"

namespace heddle::conformance {

/// Returns "1 clause holds", "2 clauses hold" or the like.
inline std::string counted(std::uint64_t count, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

/// Returns whether a part of the catalogue was not asked.
inline bool is_partial(const Header& header, bool interrupted) {
  return header.partial || interrupted || header.selected < header.total;
}

/// Returns whether the subject conforms: the whole catalogue was asked, nothing failed, and it
/// starts and joins threads.
inline bool conforms(const Tally& tally, const Header& header, bool interrupted) {
  return tally.fails() == 0 && tally.internal_errors == 0 && tally.flaky == 0 &&
         header.smoke_failures.empty() && tally.reaches_floor() && !is_partial(header, interrupted);
}

/// Returns the verdict and its reason, without the counts of everything else.
inline std::string leading_words(const Tally& tally, const Header& header, bool interrupted) {
  if (tally.fails() != 0) {
    std::vector<std::string> levels;
    if (tally.must_fails != 0) {
      levels.push_back(fmt::format("{} MUST", tally.must_fails));
    }
    if (tally.profile_fails != 0) {
      levels.push_back(fmt::format("{} PROFILE", tally.profile_fails));
    }
    return fmt::format("does NOT conform: {} ({})",
                       counted(tally.fails(), "clause fails", "clauses fail"),
                       fmt::join(levels, ", "));
  }
  if (tally.internal_errors != 0) {
    return fmt::format("gets no verdict: the suite itself failed on {}",
                       counted(tally.internal_errors, "clause", "clauses"));
  }
  if (tally.flaky != 0) {
    return fmt::format("gets no verdict: {} at times only",
                       counted(tally.flaky, "clause fails", "clauses fail"));
  }
  if (!header.smoke_failures.empty()) {
    return fmt::format("gets no verdict: the adapter or the runtime fails {}",
                       counted(header.smoke_failures.size(), "smoke check", "smoke checks"));
  }
  if (tally.judged() == 0) {
    return "gets no verdict: no clause could be judged";
  }
  if (is_partial(header, interrupted)) {
    return "";  // a selection claims nothing: only its counts are said
  }
  if (!tally.reaches_floor()) {
    return fmt::format("is not said to conform: no MUST clause of the group {} could be judged",
                       tally.spawn_musts == 0 ? "spawn" : "join");
  }
  return fmt::format("conforms in the {} of {} clauses that apply", tally.applicable(),
                     header.total);
}

/// Returns the words that follow the subject's name, not wrapped: "conforms in the 55 of 62 clauses
/// that apply: 52 clauses hold, 3 are not judged".
inline std::string verdict_sentence(const Tally& tally, const Header& header, bool interrupted) {
  std::vector<std::string> rest;
  const auto add = [&](std::uint64_t count, std::string_view one, std::string_view many) {
    if (count != 0) {
      rest.push_back(counted(count, one, many));
    }
  };
  rest.push_back(counted(tally.holds, "clause holds", "clauses hold"));
  add(tally.missed, "recommendation is missed", "recommendations are missed");
  add(tally.deviates, "deviates as declared", "deviate as declared");
  if (tally.fails() != 0) {  // otherwise the sentence begins with these
    add(tally.internal_errors, "met an error of the suite", "met errors of the suite");
  }
  if (tally.fails() != 0 || tally.internal_errors != 0) {
    add(tally.flaky, "is flaky", "are flaky");
  }
  add(tally.not_judged, "is not judged", "are not judged");
  add(tally.not_applicable, "is not applicable", "are not applicable");
  add(tally.untested, "is untested", "are untested");

  std::string scope;
  if (interrupted) {
    scope =
        fmt::format("PARTIAL, interrupted after {} of {} clauses", tally.all(), header.selected);
  } else if (is_partial(header, interrupted)) {
    scope = fmt::format("PARTIAL, {} of {} clauses", header.selected, header.total);
  }
  const std::string lead = leading_words(tally, header, interrupted);
  const std::string counts = fmt::format("{}", fmt::join(rest, ", "));
  if (lead.empty()) {
    return fmt::format("({}): {}", scope, counts);
  }
  return fmt::format("{}{}{}{}{} {}", scope.empty() ? "" : "(", scope, scope.empty() ? "" : ") ",
                     lead, lead.find(':') == std::string::npos ? ":" : ";", counts);
}

}  // namespace heddle::conformance
