// Worker processes, each of which checks one clause at a time. A worker never has a second thread:
// ThreadSanitizer refuses threads in the fork of a threaded process.
#pragma once

#include <functional>
#include <span>

#include "catalogue/clause.hpp"
#include "command_line/options.hpp"
#include "runner/loaded_subject.hpp"
#include "runner/memory_lane.hpp"
#include "runner/subject_file.hpp"
#include "verdict/record.hpp"

namespace heddle::conformance {

/// The functions by which check_all() reports its progress.
struct WorkerProgress {
  std::function<void(const Record&)> record;           ///< in the order of `clauses`
  std::function<void(std::size_t done)> clauses_done;  ///< for a progress line
  std::function<bool()> interrupted;                   ///< asked after every signal
};

/// Checks the clauses in `options.jobs` worker processes. If a worker dies, its clause gets an
/// internal error, and another worker takes its place. Returns false if interrupted: then all
/// workers are dead, with their templates and cases.
bool check_all(std::span<const Clause* const> clauses, const SubjectFile& subject,
               const Description& description, const MemoryLane& lane, const Options& options,
               const WorkerProgress& progress);

}  // namespace heddle::conformance
