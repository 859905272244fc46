// recorded_target.hpp: a runner, and what the program does in it without any fault.
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

/// A runner with its fault-free runs, for commands that run few faults in this process. The target
/// must outlive it.
struct RecordedTarget {
  std::unique_ptr<Interrupts> interrupts;
  std::unique_ptr<Runner> runner;
  FaultFreeRuns runs;
};

/// Starts the runner, records, and prints the remark on how the program ends without any fault.
/// Makes this process adopt orphans. Interrupts end the runs.
tl::expected<RecordedTarget, RunFailure> record_target(const Target& target);

/// Complains about a trial that failed in the tool itself or was cancelled; returns the status.
int complain_of_trial(const std::string& error);

/// Returns the target of a logged campaign as it was run then; on failure, why that is impossible.
tl::expected<Target, RunFailure> target_of(const LogHeader& header);

}  // namespace heddle::inject
