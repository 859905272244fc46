// JUnit XML for continuous integration: a testsuite for each subject, a testcase for each clause.
#pragma once

#include <memory>

#include "report/output_file.hpp"
#include "report/report.hpp"

namespace heddle::conformance {

/// Returns a report that end() writes as a whole, since a suite's counts come before its cases.
///
/// | verdict | element |
/// | --- | --- |
/// | holds | none |
/// | fails, of level must or profile; flaky | failure |
/// | fails, of level should; deviates, not applicable, not judged, untested | skipped |
/// | internal error, refused subject, interrupted run | error |
std::unique_ptr<Report> junit_report(OutputFile file);

}  // namespace heddle::conformance
