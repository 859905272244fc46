// run_command.hpp: heddle-inject run.
#pragma once

#include <CLI/CLI.hpp>

namespace heddle::inject {

/// Adds the subcommand. If chosen, it runs while the command line is parsed, and stores the exit
/// status in `status`.
void add_run_command(CLI::App& application, int& status);

}  // namespace heddle::inject
