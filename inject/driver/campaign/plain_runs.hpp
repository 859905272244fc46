// plain_runs.hpp: does the shim itself change how the program ends?
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "campaign/observation.hpp"
#include "campaign/runner.hpp"

namespace heddle::inject {

/// Runs the program without the shim, more than once where it then ends in another way than the
/// fault-free runs have: what differs between plain runs as well is not the shim's doing. Returns a
/// remark on output that the shim changes, or nothing to say. Otherwise, why the program cannot be
/// judged under the shim, with the system call that its own filter does not allow; or
/// "interrupted".
tl::expected<std::string, std::string> compare_with_plain_runs(Runner& runner,
                                                               const CampaignOptions& options,
                                                               const std::vector<Observation>& runs,
                                                               int deadline_ms);

}  // namespace heddle::inject
