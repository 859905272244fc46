#include "report/call_tree.hpp"

#include <algorithm>

#include "report/findings.hpp"

namespace heddle::inject {
namespace {

void add_site(CallNode& root, const CampaignReport& report, const Site& site) {
  CallNode* node = &root;
  for (auto frame = site.frames.rbegin(); frame != site.frames.rend(); ++frame) {
    const std::string name = describe_frame(report, *frame);
    const auto known =
        std::find_if(node->callees.begin(), node->callees.end(),
                     [&](const CallNode& callee) { return callee.frames.front() == name; });
    if (known != node->callees.end()) {
      node = &*known;
    } else {
      node->callees.push_back({{name}, {}, {}});
      node = &node->callees.back();
    }
  }
  node->sites.push_back(&site);
}

/// Joins each caller with its only callee. Recursion is bounded by the depth of the stacks.
void join_lone_callees(CallNode& node) {
  while (!node.frames.empty() && node.sites.empty() && node.callees.size() == 1) {
    CallNode callee = std::move(node.callees.front());
    node.frames.insert(node.frames.end(), callee.frames.begin(), callee.frames.end());
    node.sites = std::move(callee.sites);
    node.callees = std::move(callee.callees);
  }
  for (CallNode& callee : node.callees) {
    join_lone_callees(callee);
  }
}

}  // namespace

CallNode call_tree(const CampaignReport& report) {
  CallNode root;
  for (const Site& site : report.sites) {
    add_site(root, report, site);
  }
  join_lone_callees(root);
  return root;
}

}  // namespace heddle::inject
