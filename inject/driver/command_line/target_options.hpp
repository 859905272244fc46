// target_options.hpp: the options that say what is run, and which of its calls fail.
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
  std::vector<std::string> calls;  // each may name several, separated by commas
  std::string stacks = "frame-pointers";
  std::string timeout;
  std::string stop_signal = "TERM";
  bool no_fork_server = false;
  std::vector<std::string> command;
};

/// Adds the options for a run: input, folder, deadline, server or not, and the program itself.
void add_run_options(CLI::App& command, TargetOptions& options);

/// Adds the options that choose sites.
void add_site_options(CLI::App& command, TargetOptions& options);

/// Adds the options that choose sites, and the faults that are tried there.
void add_fault_options(CLI::App& command, TargetOptions& options);

/// Makes the target that the options name; on failure, says what is wrong or missing.
tl::expected<Target, RunFailure> make_target(const TargetOptions& options);

}  // namespace heddle::inject
