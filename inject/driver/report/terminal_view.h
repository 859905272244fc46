// terminal_view.h: a campaign's findings for a person at a terminal.
#ifndef HEDDLE_INJECT_DRIVER_TERMINAL_VIEW_H
#define HEDDLE_INJECT_DRIVER_TERMINAL_VIEW_H

#include <string>

#include "campaign/campaign_log.h"

namespace heddle::inject {

/// The findings by call stack and verdict, with a replay command for each; how many faults had
/// which verdict; and the completeness statement. `log` is the path for the replay commands. Pure.
std::string terminal_view(const CampaignReport& report, const std::string& log, bool in_color);

}  // namespace heddle::inject

#endif
