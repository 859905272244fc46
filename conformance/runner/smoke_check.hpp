// The smoke checks, which ask whether the ground holds on which every clause stands.
#pragma once

#include <string>
#include <vector>

#include "command_line/options.hpp"
#include "runner/loaded_subject.hpp"
#include "runner/subject_file.hpp"

namespace heddle::conformance {

/// The results of the smoke checks, a line each. A failure lies in the adapter or in the runtime; a
/// smoke check cannot tell which.
struct SmokeResult {
  std::vector<std::string> holds;
  std::vector<std::string> failures;     ///< failed each time
  std::vector<std::string> doubtful;     ///< not judged, or failed once and not again
  std::vector<std::string> not_checked;  ///< not offered, or behind a check that hung
  std::vector<std::string> errors;       ///< the suite's or the machine's: nothing can be judged
};

/// Runs the checks one after the other, up to the first that hangs. Even with a runtime that hangs
/// or spins, this takes less than a minute, times `timeout_factor`.
SmokeResult check_smoke(const SubjectFile& subject, const Description& description,
                        const Options& options);

/// Returns the remarks for a run that goes on to the clauses: what fails, and what is doubtful.
std::vector<std::string> smoke_remarks(const SmokeResult& smoke, const SubjectFile& subject);

/// Returns what --smoke prints when no check fails.
std::string smoke_summary(const SmokeResult& smoke, const SubjectFile& subject,
                          const Description& description);

/// Returns the exit code of --smoke after a run without errors.
ExitCode exit_code_of(const SmokeResult& smoke);

}  // namespace heddle::conformance
