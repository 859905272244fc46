// comparison.hpp: what changed between two campaigns, even over two builds of the program.
#pragma once

#include <string>
#include <vector>

#include "campaign/campaign_log.hpp"

namespace heddle::inject {

/// A fault that is a finding in one campaign at least, and that the other campaign lacks or judges
/// otherwise. Points into the reports; null where a report lacks the fault.
struct Change {
  const Site* site;  // of the newer report if it has the fault
  const FaultRun* before;
  const FaultRun* after;
};

/// Returns the changes in the order of the newer report, then those of faults that only the older
/// has. Two faults are the same when call, thread path, errno, shape and occurrence are, and the
/// call stacks have the same functions in modules of the same file name: addresses move from build
/// to build. Of several sites that are alike, the first is compared with the first, and so on.
/// Pairs are left out: they depend on what their first fault led to.
///
/// Chance is no change. So faults that are unstable, still waiting or not reached are not compared,
/// nor is a site that only some fault-free runs come to. Two verdicts are not compared if both are
/// acceptable, or if in either campaign the runs of another fault at that call stack had both.
std::vector<Change> compare(const CampaignReport& before, const CampaignReport& after);

}  // namespace heddle::inject
