// terminal_view.hpp: a campaign's findings for a person at a terminal.
#pragma once

#include <string>

#include "campaign/campaign_log.hpp"

namespace heddle::inject {

/// Writes the findings by call stack and verdict, with a replay command for each; how many faults
/// had which verdict; and the completeness statement. `log` is the path for the replay commands.
/// Pure.
std::string terminal_view(const CampaignReport& report, const std::string& log, bool in_color);

}  // namespace heddle::inject
