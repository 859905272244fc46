// recorded_target.hpp: a runner, and what the program does in it when nothing fails.
#pragma once

#include <memory>
#include <string>
#include <tl/expected.hpp>

#include "campaign/interrupts.hpp"
#include "campaign/recording.hpp"
#include "campaign/runner.hpp"
#include "campaign/target.hpp"
#include "command_line/campaign_status.hpp"

namespace heddle::inject {

/// For commands that run few faults, in this process. The target must outlive it.
struct RecordedTarget {
  std::unique_ptr<Interrupts> interrupts;
  std::unique_ptr<Runner> runner;
  FaultFreeRuns runs;
};

/// Starts the runner and records, and prints the remark on how the program ends without a fault.
/// Makes this process adopt orphans; interrupts end its runs.
tl::expected<RecordedTarget, RunFailure> record_target(const Target& target);

/// Complains about a trial, which fails in the tool itself or was cancelled; returns the status.
int complain_of_trial(const std::string& error);

/// The target of a logged campaign, as it was run then. Otherwise, why it cannot be had any more.
tl::expected<Target, RunFailure> target_of(const LogHeader& header);

}  // namespace heddle::inject
