// recorded_sites.hpp: from the record that the shim fills in to the sites of a campaign.
#pragma once

#include <heddle/inject_record.h>

#include <map>
#include <vector>

#include "campaign/campaign_log.hpp"
#include "plan/plan_file.hpp"

namespace heddle::inject {

/// The sites of several runs, each once. A site that only some runs reach is there as well.
class RecordedSites {
 public:
  /// Adds what a run has recorded, except the sites that `known` contains. Its processes must have
  /// ended.
  void add(const PlanFile& plan, const RecordedSites* known = nullptr);

  bool contains(std::uint64_t key) const { return sites_.contains(key); }

  /// By thread path, numerically, then by what the thread had done before, then by call and stack,
  /// so that the order does not depend on how threads interleave. Ids from 1; frames name modules
  /// by their place in `modules`, and functions are left empty.
  std::vector<Site> sorted(std::vector<Module>& modules) const;

  std::uint64_t lost_calls() const { return lost_calls_; }

 private:
  struct Recorded {
    heddle_inject_site site;
    std::vector<Module> modules;  // of each frame
    std::uint64_t least;          // occurrences in one of the runs that reached it
    std::uint64_t runs;           // that reached it
  };

  std::map<std::uint64_t, Recorded> sites_;  // by key
  std::uint64_t lost_calls_ = 0;
  std::uint64_t runs_ = 0;
};

/// Whether the one path comes before the other: "0.2" before "0.10", and "0.f1" after both; what is
/// no path ("?") last.
bool comes_before(std::string_view path, std::string_view other);

/// The place of the module, which is appended when it is not there. One without a build id is known
/// by its path.
std::uint32_t place_of(const Module& module, std::vector<Module>& modules);

}  // namespace heddle::inject
