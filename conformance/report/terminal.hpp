// The report for people: failures as they come, then a table and the verdict.
#pragma once

#include <memory>

#include "report/output_file.hpp"
#include "report/report.hpp"

namespace heddle::conformance {

/// Returns a report that fits 100 columns, except for commands, which stay in one piece to be
/// copied.
std::unique_ptr<Report> terminal_report(OutputFile file, bool color);

}  // namespace heddle::conformance
