// A run that never was: a record of each verdict and cause, for the views to show.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "report/report.hpp"

namespace heddle::conformance::views {

Header sample_header();

/// A record of this verdict, with all that belongs to it.
Record sample(Verdict verdict, const std::string& clause = "PARK-094",
              const std::string& level = "must");

/// A failing record of this cause, with evidence of every kind.
Record failing(Cause cause, const std::string& clause = "PARK-094",
               const std::string& level = "must");

/// One record of each verdict, and one of each cause.
std::vector<Record> samples();

/// The records, and two more without which no subject is said to conform: a MUST of spawn and one
/// of join that hold.
std::vector<Record> conforming(std::vector<Record> more = {});

/// What the report of this format says of the calls, read back from the file that it wrote.
std::string report_text(Format format, const std::function<void(Report&)>& calls,
                        const EndOfRun& ending = {}, bool color = false);

/// The same for one subject with these records.
std::string report_text(Format format, const std::vector<Record>& records);

}  // namespace heddle::conformance::views
