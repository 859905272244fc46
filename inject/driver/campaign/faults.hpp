// faults.hpp: which faults a campaign tries, and the rules that make them.
#pragma once

#include <heddle/inject_control.h>

#include <string>
#include <vector>

#include "campaign/campaign_log.hpp"

namespace heddle::inject {

/// What fails where: all shapes of one fault. They belong together, since what "once" shows tells
/// whether the others are different from it.
struct PlannedFault {
  static constexpr Shape shapes[] = {Shape::once, Shape::from_here_on, Shape::in_a_row};

  std::uint64_t site = 0;  // id
  std::uint64_t occurrence = 0;
  std::string error;           // errno's name, or "spurious"
  std::uint64_t first_id = 0;  // of the shape "once"; the others follow
};

/// The errnos that are tried for the call, by the options' class; "spurious" too where it can be.
std::vector<std::string> errors_of(const Site& site, const CampaignOptions& options);

/// Is the site among those that the options choose: its program, its caller, its call?
bool is_chosen(const Site& site, const std::vector<Module>& modules,
               const CampaignOptions& options);

/// All of them, by site, occurrence and errno.
std::vector<PlannedFault> plan_faults(const std::vector<Site>& sites,
                                      const CampaignOptions& options);

/// The rule for one shape of the fault.
heddle_inject_rule rule_of(const Site& site, const PlannedFault& fault, Shape shape,
                           const CampaignOptions& options);

/// The rule in words, as `run -e` takes it.
std::string expression_of(const heddle_inject_rule& rule, const Site& site);

/// A name that stays the same when other sites come or go: for shards, and to resume.
std::string identity_of(const Site& site, const PlannedFault& fault);

}  // namespace heddle::inject
