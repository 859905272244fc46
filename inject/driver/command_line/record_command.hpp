// record_command.hpp: heddle-inject record.
#pragma once

#include <CLI/CLI.hpp>

namespace heddle::inject {

/// Adds the subcommand; see add_run_command.
void add_record_command(CLI::App& application, int& status);

}  // namespace heddle::inject
