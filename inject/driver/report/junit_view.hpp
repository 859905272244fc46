// junit_view.hpp: a campaign as JUnit XML, for a CI that shows test results.
#pragma once

#include <string>

#include "campaign/campaign_log.hpp"

namespace heddle::inject {

/// Writes a suite with a case for each fault that was run. A case's class is the call and the
/// function that makes it; its name is the errno, the shape and the thread. Findings are failures;
/// faults that were not reached are skipped. The completeness statement is the suite's output.
/// Pure.
std::string junit_view(const CampaignReport& report, const std::string& log);

}  // namespace heddle::inject
