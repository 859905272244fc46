// findings.hpp: what a campaign found, in the words of every view: grouped, named, with its replay.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "campaign/campaign_log.hpp"

namespace heddle::inject {

/// The findings with one verdict for one call from one stack, whatever errno, shape and thread.
struct FindingGroup {
  const Site* site;  // of the first fault
  Verdict verdict;
  std::vector<const FaultRun*> faults;  // in the order of the log; never empty
};

/// Returns all findings, by sites in the order of the log. Points into the report.
std::vector<FindingGroup> findings(const CampaignReport& report);

/// Returns the faults whose runs disagree on the verdict, unless the campaign counts them as
/// findings. Each has its site. Points into the report.
std::vector<const FaultRun*> unstable_faults(const CampaignReport& report);

/// Says what was done to the site: "EAGAIN, once, on the 2nd call".
std::string describe_fault(const FaultRun& fault);

/// Says what is known of a frame: "worker (worker.c:17)", "libfoo.so+0x1f2".
std::string describe_frame(const CampaignReport& report, const Frame& frame);

/// Says what the error's frames are about: "64 bytes in 1 block, allocated by", "Invalid read of
/// size 4, at".
std::string describe_memory_error(const LoggedMemoryError& error);

/// Returns the command that repeats the fault from the log at this path, quoted for a shell.
std::string replay_command(const FaultRun& fault, const std::string& log);

/// Returns the words with which a command begins that runs a program as a campaign with these
/// options does: "heddle-inject", "run", and what belongs to it.
std::vector<std::string> words_of_run(const CampaignOptions& options);

/// Returns the command that repeats it without the log: `heddle-inject run` with the rules and the
/// program.
std::string run_command(const CampaignReport& report, const FaultRun& fault);

/// Says, in sentences, what was tried and what was not. If the program ends badly without any
/// fault, the first sentence says so. Then come the numbers: "237 sites, 1896 faults, 1890 fired, 6
/// not reached".
std::vector<std::string> completeness(const CampaignReport& report);

/// Returns "3 faults" or "1 fault".
std::string counted(std::uint64_t number, const std::string& noun);

}  // namespace heddle::inject
