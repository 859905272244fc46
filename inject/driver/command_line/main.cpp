// heddle-inject: runs a program and makes chosen calls of it fail.
#include <CLI/CLI.hpp>
#include <cstdio>

#include "command_line/complaint.h"
#include "command_line/explore_command.h"
#include "command_line/run_command.h"

namespace heddle::inject {
namespace {

int parse_and_run(int argument_count, char** arguments) {
  CLI::App application{"Runs a program and makes chosen calls of it fail.", "heddle-inject"};
  application.require_subcommand(1);
  int status = 0;
  add_run_command(application, status);
  add_explore_command(application, status);
  try {
    application.parse(argument_count, arguments);
  } catch (const CLI::ParseError& error) {
    return application.exit(error) == 0 ? 0 : kToolFailed;
  }
  return status;
}

}  // namespace
}  // namespace heddle::inject

int main(int argument_count, char** arguments) {
  try {
    return heddle::inject::parse_and_run(argument_count, arguments);
  } catch (const std::exception& error) {
    // Of the standard library's or CLI11's: out of memory, or a mistake in the options' set-up.
    (void)std::fprintf(stderr, "heddle-inject: internal error: %s\n", error.what());
    return heddle::inject::kToolFailed;
  }
}
