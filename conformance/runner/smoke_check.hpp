// The smoke checks: does the suite's ground hold, on which every clause stands?
#pragma once

#include <string>
#include <vector>

#include "command_line/options.hpp"
#include "runner/loaded_subject.hpp"
#include "runner/subject_file.hpp"

namespace heddle::conformance {

/// What came of the smoke checks, a line each. A failure is that of the adapter or of the runtime:
/// which of the two cannot be told from here.
struct SmokeResult {
  std::vector<std::string> holds;
  std::vector<std::string> failures;     ///< failed each time
  std::vector<std::string> doubtful;     ///< not judged, or failed once and not again
  std::vector<std::string> not_checked;  ///< not offered, or behind a check that hung
  std::vector<std::string> errors;       ///< of the suite or the machine: nothing can be judged
};

/// Runs the checks one after the other, up to the first that hangs: with a runtime that hangs or
/// spins the whole takes less than a minute, times `timeout_factor`.
SmokeResult check_smoke(const SubjectFile& subject, const Description& description,
                        const Options& options);

/// The remarks of a run that goes on to the clauses: what fails, and what is doubtful.
std::vector<std::string> smoke_remarks(const SmokeResult& smoke, const SubjectFile& subject);

/// What --smoke prints when no check fails.
std::string smoke_summary(const SmokeResult& smoke, const SubjectFile& subject,
                          const Description& description);

/// The exit code of --smoke, where no error stood in the way.
ExitCode exit_code_of(const SmokeResult& smoke);

}  // namespace heddle::conformance
