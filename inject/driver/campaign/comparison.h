// comparison.h: what changed between two campaigns, also over two builds of the program.
#ifndef HEDDLE_INJECT_DRIVER_COMPARISON_H
#define HEDDLE_INJECT_DRIVER_COMPARISON_H

#include <string>
#include <vector>

#include "campaign/campaign_log.h"

namespace heddle::inject {

/// A fault of both campaigns whose verdict has changed, or that only one of them has. Points into
/// the reports; null where a report does not have it.
struct Change {
  const Site* site;  // of the newer where there is one
  const FaultRun* before;
  const FaultRun* after;
};

/// Faults are the same when call, thread path, errno, shape and occurrence are, and the call stacks
/// have the same functions in modules of the same file name: addresses move from build to build. Of
/// several such sites the first is compared with the first, and so on. In the order of the newer
/// report, then what only the older has. Pairs are left out: they depend on what the first led to.
std::vector<Change> compare(const CampaignReport& before, const CampaignReport& after);

}  // namespace heddle::inject

#endif
