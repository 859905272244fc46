// call_tree.hpp: the sites of a campaign as a tree of callers, the outermost at the root.
#pragma once

#include <string>
#include <vector>

#include "campaign/campaign_log.hpp"

namespace heddle::inject {

/// A run of callers that have only one way on, and what is called from its end.
struct CallNode {
  std::vector<std::string> frames;  // the outermost first, as describe_frame tells them
  std::vector<const Site*> sites;   // calls made by the last of them
  std::vector<CallNode> callees;    // in the order of the log
};

/// The root has no frames of its own. Points into the report.
CallNode call_tree(const CampaignReport& report);

}  // namespace heddle::inject
