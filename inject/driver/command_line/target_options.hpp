// target_options.hpp: the options that say what is run, and which of its calls are meant.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "campaign/run_failure.hpp"
#include "campaign/target.hpp"

namespace heddle::inject {

struct TargetOptions {
  CampaignOptions campaign;
  std::vector<std::string> calls;  // each may hold several, separated by commas
  std::string stacks = "frame-pointers";
  std::string timeout;
  std::string stop_signal = "TERM";
  bool no_fork_server = false;
  std::vector<std::string> command;
};

/// How each run goes: input, folder, deadline, server or not, and the program itself.
void add_run_options(CLI::App& command, TargetOptions& options);

/// Which calls are meant.
void add_site_options(CLI::App& command, TargetOptions& options);

/// Those, and which faults are tried there.
void add_fault_options(CLI::App& command, TargetOptions& options);

/// The target that the options name. Otherwise, what is wrong with them, or what is missing.
tl::expected<Target, RunFailure> make_target(const TargetOptions& options);

}  // namespace heddle::inject
