// strace_command.hpp: the strace command that comes nearest to a plan, for cross-checks.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "plan/plan.hpp"

namespace heddle::inject {

struct StraceCommand {
  /// strace and its options, without the program; empty when strace can do nothing of the plan.
  std::vector<std::string> arguments;
  /// What strace does differently from the plan, a line for each difference.
  std::vector<std::string> differences;
};

/// Translates the plan into the syntax of strace 6.1.
StraceCommand nearest_strace_command(std::span<const PlannedRule> plan);

}  // namespace heddle::inject
