// recording.hpp: the fault-free runs that a campaign begins with.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "campaign/campaign_log.hpp"
#include "campaign/run_failure.hpp"
#include "campaign/runner.hpp"
#include "campaign/trial.hpp"

namespace heddle::inject {

struct FaultFreeRuns {
  FaultFree fault_free;
  Recording recording;
  std::vector<Module> modules;
  std::vector<Site> sites;  // those that the options choose, with their functions
  std::map<std::string, std::uint64_t> all_sites;  // their number in each program of the tree
};

/// Runs the target a few times unharmed, at least twice.
tl::expected<FaultFreeRuns, RunFailure> record_fault_free(Runner& runner,
                                                          const CampaignOptions& options);

/// Fills in the functions of the frames.
void name_functions(std::vector<Frame>& frames, const std::vector<Module>& modules,
                    class Symbols& symbols);

}  // namespace heddle::inject
