// The judgement of a case whose memory a tool has watched.
#pragma once

#include <vector>

#include "catalogue/clause.hpp"
#include "verdict/case_result.hpp"
#include "verdict/judge.hpp"
#include "verdict/record.hpp"

namespace heddle::conformance {

/// Returns what the case shows once its memory is looked at, too. `finding` is what it shows
/// otherwise. An error of the subject's is worse than any ending. Leaks count only in a case that
/// holds: another case has not come to the place where it would have given its memory back.
Finding judge_memory(const Clause& clause, const CaseResult& result, Finding finding);

/// Returns whether the cause is one that only a tool sees.
bool is_of_memory(Cause cause);

/// Returns the reports that belong to the cause, which is one of memory.
std::vector<MemoryReport> evidence_of(Cause cause, const CaseResult& result);

}  // namespace heddle::conformance
