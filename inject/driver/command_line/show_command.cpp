#include "command_line/show_command.hpp"

#include <fmt/core.h>
#include <unistd.h>

#include <fstream>
#include <memory>

#include "campaign/campaign_log.hpp"
#include "command_line/campaign_status.hpp"
#include "report/html_view.hpp"
#include "report/junit_view.hpp"
#include "report/terminal_view.hpp"

namespace heddle::inject {
namespace {

struct ShowOptions {
  std::string log;
  std::string format = "terminal";
};

int show(const ShowOptions& options) {
  const auto report = read_log(options.log);
  if (!report) {
    return complain(report.error(), exit_usage);
  }
  std::string text;
  if (options.format == "json") {
    text = to_lines(*report);
  } else if (options.format == "junit") {
    text = junit_view(*report, options.log);
  } else if (options.format == "html") {
    text = html_view(*report, options.log);
  } else {
    text = terminal_view(*report, options.log, isatty(STDOUT_FILENO) == 1);
  }
  fmt::print("{}", text);
  return exit_all_acceptable;
}

}  // namespace

void add_show_command(CLI::App& application, int& status) {
  const auto options = std::make_shared<ShowOptions>();
  CLI::App* const command = application.add_subcommand("show", "Shows the log of a campaign.");
  command->footer(
      "The page (html) needs no network and no script. Exit status: 0; 2 when there is no log.");
  command->add_option("log", options->log, "The log that explore has written.")->required();
  command
      ->add_option("--format", options->format,
                   "terminal (the default), json (lines), junit (XML) or html (one page).")
      ->check(CLI::IsMember({"terminal", "json", "junit", "html"}));
  command->callback([options, &status] { status = show(*options); });
}

}  // namespace heddle::inject
