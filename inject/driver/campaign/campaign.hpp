// campaign.hpp: a whole campaign: record, try every fault, write the log, sum up.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "campaign/campaign_log.hpp"
#include "campaign/target.hpp"

namespace heddle::inject {

/// One of several campaigns that together try every fault once.
struct Shard {
  std::uint64_t index = 1;  // from 1
  std::uint64_t count = 1;
};

/// When to stop early.
struct Budget {
  std::optional<double> seconds;
  std::optional<std::uint64_t> faults;
};

struct CampaignProgress {
  std::uint64_t done = 0;  // faults
  std::uint64_t faults = 0;
  std::uint64_t findings = 0;
  double seconds = 0;
};

struct CampaignSettings {
  int jobs = 1;
  Shard shard;
  Budget budget;
  bool resume = false;
  std::vector<Verdict> accepted{accepted_by_default.begin(), accepted_by_default.end()};
  std::string log_path;
  std::function<void(const CampaignProgress&)> show_progress;  // after each fault; may be empty
};

/// Why there is no campaign.
struct CampaignFailure {
  enum class Reason {
    usage,        // the log, or the program, is not what the command line claims
    no_site,      // the program makes no call that could fail
    interrupted,  // before there was anything to report
    internal      // the tool itself failed
  };
  Reason reason;
  std::string message;
};

/// Runs the campaign. The log has everything; the report has only identity and verdict of faults
/// that are neither findings nor unstable. SIGINT and SIGTERM end the campaign early, with a
/// summary that says so; both are blocked afterwards. For a process with one thread.
tl::expected<CampaignReport, CampaignFailure> run_campaign(const Target& target,
                                                           const CampaignSettings& settings);

}  // namespace heddle::inject
