// comparison.hpp: what changed between two campaigns, also over two builds of the program.
#pragma once

#include <string>
#include <vector>

#include "campaign/campaign_log.hpp"

namespace heddle::inject {

/// A finding of one campaign, or of both, that the other has in another way or not at all. Points
/// into the reports; null where a report does not have it.
struct Change {
  const Site* site;  // of the newer where there is one
  const FaultRun* before;
  const FaultRun* after;
};

/// Faults are the same when call, thread path, errno, shape and occurrence are, and the call stacks
/// have the same functions in modules of the same file name: addresses move from build to build. Of
/// several such sites the first is compared with the first, and so on. In the order of the newer
/// report, then what only the older has. Pairs are left out: they depend on what the first led to.
///
/// Chance is no change: an unstable fault, one that still waits or was not reached, and a site that
/// only some fault-free runs come to are not compared. Nor are two verdicts that are both
/// acceptable, or between which the runs of another fault of that call stack have wavered, in
/// either campaign.
std::vector<Change> compare(const CampaignReport& before, const CampaignReport& after);

}  // namespace heddle::inject
