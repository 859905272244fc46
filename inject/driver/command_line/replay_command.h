// replay_command.h: heddle-inject replay.
#ifndef HEDDLE_INJECT_DRIVER_REPLAY_COMMAND_H
#define HEDDLE_INJECT_DRIVER_REPLAY_COMMAND_H

#include <CLI/CLI.hpp>

namespace heddle::inject {

/// Adds the subcommand; see add_run_command.
void add_replay_command(CLI::App& application, int& status);

}  // namespace heddle::inject

#endif
