// call_tree.hpp: the sites of a campaign as a tree of callers, the outermost at the root.
#pragma once

#include <string>
#include <vector>

#include "campaign/campaign_log.hpp"

namespace heddle::inject {

/// A chain of callers with one callee each, and what the last of them calls.
struct CallNode {
  std::vector<std::string> frames;  // the outermost first, as describe_frame has them
  std::vector<const Site*> sites;   // calls that the last frame makes
  std::vector<CallNode> callees;    // in the order of the log
};

/// Builds the tree, whose root has no frames of its own. Points into the report.
CallNode call_tree(const CampaignReport& report);

}  // namespace heddle::inject
