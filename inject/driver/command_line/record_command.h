// record_command.h: heddle-inject record.
#ifndef HEDDLE_INJECT_DRIVER_RECORD_COMMAND_H
#define HEDDLE_INJECT_DRIVER_RECORD_COMMAND_H

#include <CLI/CLI.hpp>

namespace heddle::inject {

/// Adds the subcommand; see add_run_command.
void add_record_command(CLI::App& application, int& status);

}  // namespace heddle::inject

#endif
