// The check of one case, run in the case's own process.
#pragma once

#include <heddle/subject.h>

#include "catalogue/clause.hpp"
#include "stage/evidence.hpp"

namespace heddle::conformance {

/// Runs the check to its end. Does not return when an expectation is not met: see set_case_end().
void run_check(const Clause& clause, const Program& program, Evidence& evidence,
               const heddle_subject_table& table);

}  // namespace heddle::conformance
