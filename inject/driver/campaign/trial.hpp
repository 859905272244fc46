// trial.hpp: the trial of one planned fault in all its shapes.
#pragma once

#include <cstdint>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "campaign/baseline.hpp"
#include "campaign/campaign_log.hpp"
#include "campaign/faults.hpp"
#include "campaign/recorded_sites.hpp"
#include "campaign/runner.hpp"
#include "campaign/verdict.hpp"

namespace heddle::inject {

/// What the fault-free runs have shown.
struct FaultFree {
  Baseline baseline;
  RecordedSites sites;
  int deadline_ms = 0;
};

/// Runs and judges. Returns the fault's part of the campaign's report: its runs, and the modules
/// and sites that they name, with places and ids that hold within this part alone.
class Trial {
 public:
  /// All arguments must outlive the trial.
  Trial(Runner& runner, const FaultFree& fault_free, const CampaignOptions& options)
      : runner_(runner), fault_free_(fault_free), options_(options) {}

  /// Tries every shape of the fault. With the option `pairs`, also tries second faults at the sites
  /// to which only the first fault, once, has led. On failure, returns what failed in the tool
  /// itself, or "cancelled".
  tl::expected<CampaignReport, std::string> of(const Site& site, const PlannedFault& fault);

  /// Runs once with the rules of a logged fault; the last rule is the one that is judged.
  tl::expected<FaultRun, std::string> once(const std::vector<heddle_inject_rule>& rules,
                                           FaultRun fault) const;

  /// Runs once with rules that need not all fire.
  tl::expected<Judgement, std::string> together(const std::vector<heddle_inject_rule>& rules) const;

  /// How often a run is tried until the fault fires, and how often a bad verdict is repeated.
  static constexpr int attempts = 3;
  static constexpr int repetitions = 3;

 private:
  struct Seen {
    Observation run;
    Judgement judgement;
  };

  /// Describes the last rule, which is the one that is judged: the others only lead to it.
  JudgedFault judged(const std::vector<heddle_inject_rule>& rules,
                     const std::vector<RuleTotals>& totals) const;
  tl::expected<Observation, std::string> observe(const RunOrder& order) const;
  tl::expected<Seen, std::string> run_once(const std::vector<heddle_inject_rule>& rules,
                                           const RunOrder& order) const;
  tl::expected<Seen, std::string> run_until_fired(const std::vector<heddle_inject_rule>& rules,
                                                  const RunOrder& order) const;
  tl::expected<void, std::string> repeat(const std::vector<heddle_inject_rule>& rules, Seen& first,
                                         FaultRun& fault);
  tl::expected<FaultRun, std::string> run_and_judge(const std::vector<heddle_inject_rule>& rules,
                                                    FaultRun fault);
  /// Returns how many descriptors beyond the usual the last run_and_judge has shown at exit, if
  /// there are no more of them when every call of the site fails; 0 when that cannot be told.
  tl::expected<std::uint64_t, std::string> kept_descriptors(const Site& site,
                                                            heddle_inject_rule rule) const;
  tl::expected<void, std::string> try_pairs(const Site& site, const PlannedFault& first,
                                            CampaignReport& result);
  void add_stacks(FaultRun& fault, const std::vector<ThreadStack>& stacks);
  void add_memory_errors(FaultRun& fault, const std::vector<MemoryError>& errors);
  std::vector<Frame> frames_of(const std::vector<CodePlace>& stack);

  Runner& runner_;
  const FaultFree& fault_free_;
  const CampaignOptions& options_;
  std::vector<Module> modules_;          // of the stacks in the result at hand
  std::uint64_t kept_descriptors_ = 0;   // of the fault at hand
  std::uint64_t last_descriptors_ = 0;   // at exit, of the same run as the next
  std::vector<RuleTotals> last_totals_;  // of the first run of the last run_and_judge that fired
};

}  // namespace heddle::inject
