// recorded_sites.hpp: the sites of a campaign, made from the record that the shim fills in.
#pragma once

#include <heddle/inject_record.h>

#include <cstdint>
#include <map>
#include <vector>

#include "campaign/campaign_log.hpp"
#include "plan/plan_file.hpp"

namespace heddle::inject {

/// The sites of several runs, each once, including sites that only some runs reach.
class RecordedSites {
 public:
  /// Adds what a run has recorded, except the sites that `known` contains. The run's processes must
  /// have ended.
  void add(const PlanFile& plan, const RecordedSites* known = nullptr);

  bool contains(std::uint64_t key) const { return sites_.contains(key); }

  /// Returns the sites, with ids from 1. The order does not depend on how threads interleave: by
  /// thread path, numerically, then by what the thread had done before, then by call and stack.
  /// Frames name modules by their place in `modules`; functions are left empty.
  std::vector<Site> sorted(std::vector<Module>& modules) const;

  std::uint64_t lost_calls() const { return lost_calls_; }

 private:
  struct Recorded {
    heddle_inject_site site;
    std::vector<Module> modules;  // of each frame
    std::uint64_t least;          // fewest occurrences in any run that reached it
    std::uint64_t runs;           // that reached it
  };

  std::map<std::uint64_t, Recorded> sites_;  // by key
  std::uint64_t lost_calls_ = 0;
  std::uint64_t runs_ = 0;
};

/// Says whether the path comes before the other: "0.2" before "0.10", and "0.f1" after both. What
/// is no path ("?") comes last.
bool comes_before(std::string_view path, std::string_view other);

/// Returns the place of the module, which is appended if it is new. A module without a build id is
/// known by its path.
std::uint32_t place_of(const Module& module, std::vector<Module>& modules);

}  // namespace heddle::inject
