// JSON lines: a header and the records for each subject, then an end. `record.schema.json` beside
// this file is their schema.
#pragma once

#include <memory>

#include "report/output_file.hpp"
#include "report/report.hpp"

namespace heddle::conformance {

/// Returns a report that writes each line as soon as it is known. A file without an "end" line
/// comes from a run that was killed.
std::unique_ptr<Report> json_report(OutputFile file);

}  // namespace heddle::conformance
