// show_command.hpp: heddle-inject show.
#pragma once

#include <CLI/CLI.hpp>

namespace heddle::inject {

/// Adds the subcommand; see add_run_command.
void add_show_command(CLI::App& application, int& status);

}  // namespace heddle::inject
