// findings.hpp: what a campaign found, as every view tells it: grouped, named, and with its replay.
#pragma once

#include <string>
#include <vector>

#include "campaign/campaign_log.hpp"

namespace heddle::inject {

/// Findings of one verdict for one call from one stack, whatever the errno, the shape and the
/// thread.
struct FindingGroup {
  const Site* site;  // of the first of the faults
  Verdict verdict;
  std::vector<const FaultRun*> faults;  // in the order of the log; never empty
};

/// All findings, the sites in the order of the log. Points into the report.
std::vector<FindingGroup> findings(const CampaignReport& report);

/// Faults whose runs did not agree on a verdict, where this is accepted: shown apart from the
/// findings. Each has its site. Points into the report.
std::vector<const FaultRun*> unstable_faults(const CampaignReport& report);

/// "EAGAIN, once, on the 2nd call": what was done to the site.
std::string describe_fault(const FaultRun& fault);

/// "worker (worker.c:17)", "libfoo.so+0x1f2": what is known of a frame.
std::string describe_frame(const CampaignReport& report, const Frame& frame);

/// The command that does it again, from a log at this path; quoted for a shell.
std::string replay_command(const FaultRun& fault, const std::string& log);

/// The same without the log: `heddle-inject run` with the rules and the program.
std::string run_command(const CampaignReport& report, const FaultRun& fault);

/// What was tried and what was not, a sentence each. Where the program ends badly without any
/// fault, the first says so. Then come the numbers: "237 sites, 1896 faults, 1890 fired, 6 not
/// reached".
std::vector<std::string> completeness(const CampaignReport& report);

/// "3 faults" and "1 fault".
std::string counted(std::uint64_t number, const std::string& noun);

}  // namespace heddle::inject
