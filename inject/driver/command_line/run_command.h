// run_command.h: heddle-inject run.
#ifndef HEDDLE_INJECT_DRIVER_RUN_COMMAND_H
#define HEDDLE_INJECT_DRIVER_RUN_COMMAND_H

#include <CLI/CLI.hpp>

namespace heddle::inject {

/// Adds the subcommand. When it is chosen it runs while the command line is parsed, and stores the
/// status that the process shall end with.
void add_run_command(CLI::App& application, int& status);

}  // namespace heddle::inject

#endif
