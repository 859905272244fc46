// A case in this very process, for a debugger: no child, no deadline, no captured output.
#pragma once

#include <heddle/subject.h>

#include "catalogue/clause.hpp"
#include "runner/subject_file.hpp"

namespace heddle::conformance {

/// Loads the subject and runs the case. Starts this program anew with the injector preloaded when
/// the clause needs it. Returns the exit code: conforming, not conforming, or nothing judged;
/// `argv` is the program's own.
int run_directly(const Clause& clause, const Program& program, const SubjectFile& subject,
                 heddle_entry host_entry, char** argv);

}  // namespace heddle::conformance
