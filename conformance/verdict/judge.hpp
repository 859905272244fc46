// The judgement of a case: from how it ended to what that says about the clause.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "catalogue/clause.hpp"
#include "verdict/case_result.hpp"
#include "verdict/record.hpp"

namespace heddle::conformance {

struct Finding {
  Verdict verdict = Verdict::internal_error;  ///< holds, fails, not_judged or internal_error
  Cause cause = Cause::none;
  std::string reason;  ///< of not_judged and internal_error
  std::string expected;
  std::string happened;
};

/// Judges one case. Profiles and deviations do not matter here; the record takes care of them.
/// `subject_flags` are of heddle_subject_flag.
Finding judge(const Clause& clause, const CaseResult& result, std::uint64_t subject_flags,
              std::chrono::milliseconds deadline);

}  // namespace heddle::conformance
