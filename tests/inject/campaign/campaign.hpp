// campaign.hpp: runs heddle-inject explore on a small program, and reads its log.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "campaign/campaign_log.hpp"
#include "support/finished_process.hpp"
#include "support/test_folder.hpp"

namespace heddle::tests {

/// `heddle-inject explore --log LOG OPTIONS... -- PROGRAM...`.
FinishedProcess explore(const std::filesystem::path& log, const std::vector<std::string>& options,
                        const std::vector<std::string>& program);

/// The log; throws std::runtime_error when it cannot be read.
inject::CampaignReport read(const std::filesystem::path& log);

/// A campaign over one of the programs of one_bug.cpp, in a log of its own.
struct BugCampaign {
  FinishedProcess process;
  inject::CampaignReport report;
};
BugCampaign explore_bug(const std::string& program, const std::vector<std::string>& options);

/// The verdict of the fault on the call's first site, first occurrence; "" when there is none.
std::string verdict_of(const inject::CampaignReport& report, const std::string& call,
                       const std::string& error, const std::string& shape);

}  // namespace heddle::tests
