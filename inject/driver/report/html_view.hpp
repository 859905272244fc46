// html_view.hpp: a campaign as one HTML page, without script and network.
#pragma once

#include <string>

#include "campaign/campaign_log.hpp"

namespace heddle::inject {

/// Writes the page: the completeness statement, the findings with stacks and replay commands, and
/// all call sites as a tree of callers, each with the verdicts of its faults. `log` is the path for
/// the replay commands. Pure.
std::string html_view(const CampaignReport& report, const std::string& log);

}  // namespace heddle::inject
