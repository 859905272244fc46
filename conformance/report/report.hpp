// A report: a view of the records of a run.
#pragma once

#include <memory>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "command_line/options.hpp"
#include "verdict/record.hpp"

namespace heddle::conformance {

/// What stands at the end of a run.
struct EndOfRun {
  int exit_code = 0;
  bool interrupted = false;
};

/// One view. Calls come in the order begin, (record)*, for each subject, then end, from one thread.
/// A write that fails is remembered, and end() returns it.
class Report {
 public:
  virtual ~Report() = default;
  /// A subject's records follow.
  virtual void begin(const Header& header) = 0;
  /// Records come in the order of the catalogue.
  virtual void record(const Record& record) = 0;
  /// A subject that could not be loaded: `message` is one line.
  virtual void refused(const std::string& subject_path, const std::string& message) = 0;
  /// Everything is said. An error is one line that names the file and the cause.
  virtual tl::expected<void, std::string> end(const EndOfRun& ending) = 0;
};

/// Opens a report. `color` counts for terminal reports on standard output. A file that cannot be
/// written is an error here already, before anything is run.
tl::expected<std::unique_ptr<Report>, std::string> open_report(const ReportRequest& request,
                                                               bool color);

}  // namespace heddle::conformance
