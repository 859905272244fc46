// plain_runs.hpp: runs without the shim, to see whether the shim itself changes how the program
// ends.
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "campaign/observation.hpp"
#include "campaign/runner.hpp"

namespace heddle::inject {

/// Runs the program without the shim. If it ends in another way than the fault-free runs did, runs
/// it again: what differs between plain runs as well is not the shim's doing. Returns a remark on
/// output that the shim changes; or empty. On failure, returns "interrupted", or why the program
/// cannot be judged under the shim, with the system call that its own filter forbids.
tl::expected<std::string, std::string> compare_with_plain_runs(Runner& runner,
                                                               const CampaignOptions& options,
                                                               const std::vector<Observation>& runs,
                                                               int deadline_ms);

}  // namespace heddle::inject
