#include "campaign/comparison.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <map>
#include <set>

namespace heddle::inject {
namespace {

/// Names a site's call stack by functions instead of addresses. An unknown function has one name,
/// whatever its address.
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

/// The faults of a report, in their order, under names that are the same in every build.
class Faults {
 public:
  explicit Faults(const CampaignReport& report) {
    std::map<std::uint64_t, std::string> sites;
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

/// The verdicts between which chance decides, by call stack in whatever thread: the runs of an
/// unstable fault there had all of them.
class Chance {
 public:
  void add(const CampaignReport& report) {
    for (const FaultRun& fault : report.faults) {
      const Site* const site = fault.outcomes.empty() ? nullptr : site_of(report, fault);
      if (site != nullptr) {
        outcomes_[place_of(report, *site)].insert(fault.outcomes.begin(), fault.outcomes.end());
      }
    }
  }

  bool decides_between(const CampaignReport& report, const Site& site, Verdict one,
                       Verdict other) const {
    const auto outcomes = outcomes_.find(place_of(report, site));
    return outcomes != outcomes_.end() && outcomes->second.contains(one) &&
           outcomes->second.contains(other);
  }

 private:
  static std::string place_of(const CampaignReport& report, const Site& site) {
    return site.call + ' ' + portable_stack(report, site);
  }

  std::map<std::string, std::set<Verdict>> outcomes_;
};

/// Says whether the next campaign over the same program has to give the same verdict.
bool is_settled(const FaultRun& fault) {
  return fault.verdict != Verdict::unstable && fault.verdict != Verdict::not_reached &&
         fault.verdict != Verdict::not_judged && fault.verdict != Verdict::still_waiting;
}

/// Says whether every fault-free run came to the call.
bool is_always_reached(const Identified& one) {
  return one.fault->occurrence <= one.site->count - std::min(one.site->count, one.site->by_chance);
}

/// Says whether it matters that only this campaign has the fault.
bool is_change_alone(const CampaignReport& report, const Identified& one) {
  return is_finding(report, *one.fault) && is_settled(*one.fault) && is_always_reached(one);
}

}  // namespace

std::vector<Change> compare(const CampaignReport& before, const CampaignReport& after) {
  const Faults old_faults(before);
  const Faults new_faults(after);
  Chance chance;
  chance.add(before);
  chance.add(after);
  std::vector<Change> changes;
  for (const std::string& identity : new_faults.order()) {
    const Identified* const now = new_faults.find(identity);
    const Identified* const then = old_faults.find(identity);
    if (then == nullptr) {
      if (is_change_alone(after, *now)) {
        changes.push_back({now->site, nullptr, now->fault});
      }
    } else if (then->fault->verdict != now->fault->verdict && is_settled(*then->fault) &&
               is_settled(*now->fault) &&
               (is_finding(before, *then->fault) || is_finding(after, *now->fault)) &&
               !chance.decides_between(after, *now->site, then->fault->verdict,
                                       now->fault->verdict)) {
      changes.push_back({now->site, then->fault, now->fault});
    }
  }
  for (const std::string& identity : old_faults.order()) {
    const Identified* const then = old_faults.find(identity);
    if (new_faults.find(identity) == nullptr && is_change_alone(before, *then)) {
      changes.push_back({then->site, then->fault, nullptr});
    }
  }
  return changes;
}

}  // namespace heddle::inject
