// From how a case ended to what it says about the clause.
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

/// Judges one case. Knows nothing of profiles and deviations: those are the record's. The flags are
/// those of heddle_subject_flag.
Finding judge(const Clause& clause, const CaseResult& result, std::uint64_t subject_flags,
              std::chrono::milliseconds deadline);

}  // namespace heddle::conformance
