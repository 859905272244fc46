// sites_command.h: heddle-inject sites.
#ifndef HEDDLE_INJECT_DRIVER_SITES_COMMAND_H
#define HEDDLE_INJECT_DRIVER_SITES_COMMAND_H

#include <CLI/CLI.hpp>

namespace heddle::inject {

/// Adds the subcommand; see add_run_command.
void add_sites_command(CLI::App& application, int& status);

}  // namespace heddle::inject

#endif
