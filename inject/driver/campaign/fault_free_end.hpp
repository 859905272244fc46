// fault_free_end.hpp: how the program ends without any fault, and which verdicts that still allows.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "campaign/baseline.hpp"
#include "campaign/campaign_log.hpp"
#include "campaign/observation.hpp"
#include "campaign/verdict.hpp"

namespace heddle::inject {

/// Notes in the baseline whether the program fails without any fault: a signal ends it that is not
/// the campaign's own stop signal, or it ends with another status than `--baseline-status`.
void note_failure(Baseline& baseline, const std::vector<Observation>& runs,
                  const CampaignOptions& options);

/// Returns one line about an end that blurs verdicts: a signal, an unexpected status, statuses that
/// differ, a sanitizer's or memcheck's report. Empty when there is nothing to say.
std::string remark_on_end(const Baseline& baseline, const std::vector<Observation>& runs,
                          const CampaignOptions& options);

/// Says whether the fault-free runs have a sanitizer's summary of the same kind, whatever its
/// numbers.
bool is_usual_summary(const Baseline& baseline, std::string_view summary);

/// Withdraws a judgement that the end of the fault-free runs does not allow: "not judged".
Judgement as_far_as_known(const Baseline& baseline, Judgement judgement);

}  // namespace heddle::inject
