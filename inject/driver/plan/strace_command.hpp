// strace_command.hpp: the strace command that comes nearest to a plan, to cross-check with.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "plan/plan.hpp"

namespace heddle::inject {

struct StraceCommand {
  /// strace and its options, without the program; empty when strace can do nothing of the plan.
  std::vector<std::string> arguments;
  /// What strace does otherwise than the plan asks, a line each.
  std::vector<std::string> differences;
};

/// In the syntax of strace 6.1.
StraceCommand nearest_strace_command(std::span<const PlannedRule> plan);

}  // namespace heddle::inject
