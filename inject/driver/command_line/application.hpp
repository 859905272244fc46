// application.hpp: the command line of heddle-inject, for the program and for what is made from its
// help.
#pragma once

#include <CLI/CLI.hpp>

#include "campaign/header.hpp"
#include "command_line/diff_command.hpp"
#include "command_line/explore_command.hpp"
#include "command_line/record_command.hpp"
#include "command_line/replay_command.hpp"
#include "command_line/run_command.hpp"
#include "command_line/show_command.hpp"
#include "command_line/shrink_command.hpp"
#include "command_line/sites_command.hpp"

namespace heddle::inject {

/// Describes the command line to an empty application. The chosen command runs while the command
/// line is parsed, and stores the exit status in `status`, which must live as long.
inline void describe_command_line(CLI::App& application, int& status) {
  application.name("heddle-inject");
  application.description("Runs a program and makes chosen calls of it fail.");
  application.set_version_flag("--version", version_line(),
                               "Print the versions of program, log and protocol, and exit");
  application.require_subcommand(1);
  add_run_command(application, status);
  add_explore_command(application, status);
  add_replay_command(application, status);
  add_shrink_command(application, status);
  add_sites_command(application, status);
  add_record_command(application, status);
  add_show_command(application, status);
  add_diff_command(application, status);
}

}  // namespace heddle::inject
