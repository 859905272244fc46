// raw_run.hpp: runs a program under the raw layer.
#pragma once

#include <heddle/inject_control.h>

#include <cstdint>
#include <string>
#include <vector>

#include "support/finished_process.hpp"

namespace heddle::tests {

struct RawRun {
  FinishedProcess process;
  std::vector<std::uint64_t> reached;  // by rule
  std::vector<std::uint64_t> fired;
};

/// A rule that looks at a call and never fires; `number` is that of a SYSTEM_CALL.
heddle_inject_rule counting(heddle_inject_call call, std::uint32_t number = UINT32_MAX);

/// The same for every system call that has no row.
inline heddle_inject_rule watching() {
  return counting(HEDDLE_INJECT_SYSTEM_CALL);
}

/// A rule that fails the `first` to `last` calls of each thread.
heddle_inject_rule failing(heddle_inject_call call, int error, std::uint64_t first = 1,
                           std::uint64_t last = UINT64_MAX);
heddle_inject_rule failing_number(std::uint32_t number, int error, std::uint64_t first = 1,
                                  std::uint64_t last = UINT64_MAX);

/// A rule that makes each call take a nanosecond longer.
heddle_inject_rule delaying(heddle_inject_call call);

/// Runs the command with the shim preloaded, the raw layer asked for, and these rules. `launcher`
/// is a command before it that has no shim, and executes what follows.
RawRun run_raw(const std::vector<heddle_inject_rule>& rules,
               const std::vector<std::string>& command,
               const std::vector<std::string>& launcher = {});

/// The same for a scenario of inject_raw_scenarios.
RawRun run_raw_scenario(const std::vector<heddle_inject_rule>& rules, const std::string& name);

}  // namespace heddle::tests
