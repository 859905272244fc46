// sites_command.hpp: heddle-inject sites.
#pragma once

#include <CLI/CLI.hpp>

namespace heddle::inject {

/// Adds the subcommand; see add_run_command.
void add_sites_command(CLI::App& application, int& status);

}  // namespace heddle::inject
