// Worker processes: each checks one clause at a time. None of them ever has a second thread, since
// ThreadSanitizer refuses threads in the fork of a threaded process.
#pragma once

#include <functional>
#include <span>

#include "catalogue/clause.hpp"
#include "command_line/options.hpp"
#include "runner/loaded_subject.hpp"
#include "runner/subject_file.hpp"
#include "verdict/record.hpp"

namespace heddle::conformance {

/// What check_all() tells its caller.
struct WorkerProgress {
  std::function<void(const Record&)> record;           ///< in the order of `clauses`
  std::function<void(std::size_t done)> clauses_done;  ///< for a progress line
  std::function<bool()> interrupted;                   ///< asked after every signal
};

/// Checks the clauses in `options.jobs` worker processes. A worker that dies costs its clause an
/// internal error and is replaced. Returns false when interrupted: all workers are dead then, and
/// with them their templates and cases.
bool check_all(std::span<const Clause* const> clauses, const SubjectFile& subject,
               const Description& description, const Options& options,
               const WorkerProgress& progress);

}  // namespace heddle::conformance
