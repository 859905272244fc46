// faults.hpp: which faults a campaign tries, and the rules that make them.
#pragma once

#include <heddle/inject_control.h>

#include <cstdint>
#include <string>
#include <vector>

#include "campaign/campaign_log.hpp"

namespace heddle::inject {

/// One fault in all its shapes. The shapes are tried together, since the run with "once" shows
/// whether the other shapes would differ from it.
struct PlannedFault {
  static constexpr Shape shapes[] = {Shape::once, Shape::from_here_on, Shape::in_a_row};

  std::uint64_t site = 0;  // id
  std::uint64_t occurrence = 0;
  std::string error;           // errno's name, or "spurious"
  std::uint64_t first_id = 0;  // of the shape "once"; the others follow
};

/// Returns the errnos of the options' class that are tried at the site, and "spurious" for a call
/// that has spurious wake-ups.
std::vector<std::string> errors_of(const Site& site, const CampaignOptions& options);

/// Says whether the options choose the site, by its program, caller and call.
bool is_chosen(const Site& site, const std::vector<Module>& modules,
               const CampaignOptions& options);

/// Plans all faults, in the order of site, occurrence and errno.
std::vector<PlannedFault> plan_faults(const std::vector<Site>& sites,
                                      const CampaignOptions& options);

/// Makes the rule for one shape of the fault.
heddle_inject_rule rule_of(const Site& site, const PlannedFault& fault, Shape shape,
                           const CampaignOptions& options);

/// Writes the rule as `run -e` takes it.
std::string expression_of(const heddle_inject_rule& rule, const Site& site);

/// Names the fault, in a way that stays the same when other sites come or go: for shards, and to
/// resume.
std::string identity_of(const Site& site, const PlannedFault& fault);

}  // namespace heddle::inject
