// junit_view.h: a campaign as JUnit XML, for a CI that shows test results.
#ifndef HEDDLE_INJECT_DRIVER_JUNIT_VIEW_H
#define HEDDLE_INJECT_DRIVER_JUNIT_VIEW_H

#include <string>

#include "campaign/campaign_log.h"

namespace heddle::inject {

/// A suite with a case for each fault that was run: its class is the call and the function that
/// makes it, its name the errno, the shape and the thread. Findings are failures; faults that were
/// not reached are skipped. The completeness statement is the suite's output. Pure.
std::string junit_view(const CampaignReport& report, const std::string& log);

}  // namespace heddle::inject

#endif
