#include "campaign.hpp"

#include <stdexcept>

namespace heddle::tests {

namespace fs = std::filesystem;

FinishedProcess explore(const fs::path& log, const std::vector<std::string>& options,
                        const std::vector<std::string>& program) {
  std::vector<std::string> command{HEDDLE_INJECT_PROGRAM, "explore", "--log", log};
  command.insert(command.end(), options.begin(), options.end());
  command.emplace_back("--");
  command.insert(command.end(), program.begin(), program.end());
  return run(command);
}

inject::CampaignReport read(const fs::path& log) {
  auto report = inject::read_log(log);
  if (!report) {
    throw std::runtime_error(report.error());
  }
  return std::move(*report);
}

BugCampaign explore_bug(const std::string& program, const std::vector<std::string>& options) {
  const TestFolder folder;
  FinishedProcess process = explore(folder.file("log"), options, {ONE_BUG, program});
  inject::CampaignReport report;
  if (fs::exists(folder.file("log"))) {
    report = read(folder.file("log"));
  }
  return {std::move(process), std::move(report)};
}

std::string verdict_of(const inject::CampaignReport& report, const std::string& call,
                       const std::string& error, const std::string& shape) {
  for (const inject::FaultRun& fault : report.faults) {
    if (fault.error == error && inject::shape_name(fault.shape) == shape && fault.occurrence == 1 &&
        report.sites.at(fault.site - 1).call == call) {
      return std::string(inject::verdict_name(fault.verdict));
    }
  }
  return {};
}

}  // namespace heddle::tests
