#include "campaign/comparison.h"

#include <fmt/core.h>

#include <filesystem>
#include <map>

namespace heddle::inject {
namespace {

/// A function that is not known stands for itself, whatever its address.
std::string portable_stack(const CampaignReport& report, const Site& site) {
  std::string stack;
  for (const Frame& frame : site.frames) {
    const std::string module =
        frame.module < report.modules.size()
            ? std::filesystem::path(report.modules[frame.module].path).filename().string()
            : "?";
    stack += fmt::format("{}!{}\n", module, frame.function);
  }
  return stack;
}

struct Identified {
  const Site* site;
  const FaultRun* fault;
};

/// The faults by what they are in any build, and in which order they come.
class Faults {
 public:
  explicit Faults(const CampaignReport& report) {
    std::map<uint64_t, std::string> sites;
    std::map<std::string, int> alike;
    for (const Site& site : report.sites) {
      const std::string identity =
          fmt::format("{} {} {}", site.call, site.thread_path, portable_stack(report, site));
      sites[site.id] = fmt::format("{} {}", identity, ++alike[identity]);
    }
    for (const FaultRun& fault : report.faults) {
      const auto site = sites.find(fault.site);
      if (site == sites.end() || fault.id.find('+') != std::string::npos) {
        continue;
      }
      std::string identity = fmt::format("{} {} {} {}", site->second, fault.occurrence, fault.error,
                                         shape_name(fault.shape));
      by_identity_.emplace(identity, Identified{&report.sites.at(fault.site - 1), &fault});
      order_.push_back(std::move(identity));
    }
  }

  const std::vector<std::string>& order() const { return order_; }

  const Identified* find(const std::string& identity) const {
    const auto found = by_identity_.find(identity);
    return found == by_identity_.end() ? nullptr : &found->second;
  }

 private:
  std::map<std::string, Identified> by_identity_;
  std::vector<std::string> order_;
};

}  // namespace

std::vector<Change> compare(const CampaignReport& before, const CampaignReport& after) {
  const Faults old_faults(before);
  const Faults new_faults(after);
  std::vector<Change> changes;
  for (const std::string& identity : new_faults.order()) {
    const Identified* const now = new_faults.find(identity);
    const Identified* const then = old_faults.find(identity);
    if (then == nullptr || then->fault->verdict != now->fault->verdict) {
      changes.push_back({now->site, then == nullptr ? nullptr : then->fault, now->fault});
    }
  }
  for (const std::string& identity : old_faults.order()) {
    if (new_faults.find(identity) == nullptr) {
      const Identified* const then = old_faults.find(identity);
      changes.push_back({then->site, then->fault, nullptr});
    }
  }
  return changes;
}

}  // namespace heddle::inject
