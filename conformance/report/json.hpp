// JSON lines: a header for each subject, its records, an end. `record.schema.json` beside this file
// is their schema.
#pragma once

#include <memory>

#include "report/output_file.hpp"
#include "report/report.hpp"

namespace heddle::conformance {

/// Each line is written as soon as it is known: a file that ends without an "end" line is of a run
/// that was killed.
std::unique_ptr<Report> json_report(OutputFile file);

}  // namespace heddle::conformance
