// recorded_target.h: a runner, and what the program does in it when nothing fails.
#ifndef HEDDLE_INJECT_DRIVER_RECORDED_TARGET_H
#define HEDDLE_INJECT_DRIVER_RECORDED_TARGET_H

#include <memory>
#include <string>
#include <tl/expected.hpp>

#include "campaign/recording.h"
#include "campaign/runner.h"
#include "campaign/target.h"

namespace heddle::inject {

/// For commands that run few faults, in this process. The target must outlive it.
struct RecordedTarget {
  std::unique_ptr<Runner> runner;
  FaultFreeRuns runs;
};

/// Starts the runner and records. Makes this process adopt orphans. Otherwise, what failed.
tl::expected<RecordedTarget, std::string> record_target(const Target& target);

/// The target of a logged campaign, as it was run then. Otherwise, why it cannot be had any more.
tl::expected<Target, std::string> target_of(const LogHeader& header);

}  // namespace heddle::inject

#endif
