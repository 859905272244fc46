// heddle-inject: runs a program and makes chosen calls of it fail.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <iostream>

#include "command_line/application.hpp"
#include "command_line/campaign_status.hpp"
#include "command_line/complaint.hpp"
#include "process/inherited_state.hpp"

namespace heddle::inject {
namespace {

/// Says whether the command is `run`, whose own statuses are high, so that nobody takes them for
/// its program's.
bool is_run(int argument_count, char** arguments) {
  return argument_count > 1 && std::string_view(arguments[1]) == "run";
}

/// Says whether everything printed could be written; help onto a full disk, for instance, could
/// not.
bool is_printed() {
  errno = 0;
  if (std::cout.flush()) {
    return true;
  }
  complain(fmt::format("cannot write to standard output: {}", std::strerror(errno)));
  return false;
}

int parse_and_run(int argument_count, char** arguments) {
  CLI::App application;
  int status = 0;
  describe_command_line(application, status);
  try {
    application.parse(argument_count, arguments);
  } catch (const CLI::ParseError& error) {
    const int failure = application.exit(error) != 0 ? int{exit_usage}
                        : !is_printed()              ? int{exit_internal_error}
                                                     : int{exit_all_acceptable};
    return failure != exit_all_acceptable && is_run(argument_count, arguments) ? tool_failed
                                                                               : failure;
  }
  return status;
}

}  // namespace
}  // namespace heddle::inject

int main(int argument_count, char** arguments) {
  using namespace heddle::inject;
  enter_known_state();
  try {
    return parse_and_run(argument_count, arguments);
  } catch (const std::exception& error) {
    // From the standard library or CLI11: out of memory, or a defect in how the options are set up.
    static_cast<void>(std::fprintf(stderr, "heddle-inject: internal error: %s\n", error.what()));
    return is_run(argument_count, arguments) ? tool_failed : int{exit_internal_error};
  }
}
