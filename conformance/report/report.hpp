// A report: a view of the records of a run.
#pragma once

#include <memory>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "command_line/options.hpp"
#include "verdict/record.hpp"

namespace heddle::conformance {

/// What a report says at the end of a run.
struct EndOfRun {
  int exit_code = 0;
  bool interrupted = false;
};

/// One view of the records. For each subject the calls are begin(), then record() for each record;
/// end() comes last. All come from one thread. A write that fails is remembered, and end() returns
/// the error.
class Report {
 public:
  virtual ~Report() = default;
  /// Begins a subject, whose records follow.
  virtual void begin(const Header& header) = 0;
  /// Adds a record. Records come in the order of the catalogue.
  virtual void record(const Record& record) = 0;
  /// Adds a subject that could not be loaded. `message` is one line.
  virtual void refused(const std::string& subject_path, const std::string& message) = 0;
  /// Ends the report. An error is one line that names the file and the cause.
  virtual tl::expected<void, std::string> end(const EndOfRun& ending) = 0;
};

/// Opens a report. `color` counts only for terminal reports on standard output. Returns an error at
/// once, before anything is run, if the file cannot be written.
tl::expected<std::unique_ptr<Report>, std::string> open_report(const ReportRequest& request,
                                                               bool color);

}  // namespace heddle::conformance
