#include "command_line/sites_command.hpp"

#include <fmt/core.h>

#include <memory>

#include "command_line/campaign_status.hpp"
#include "command_line/recorded_target.hpp"
#include "command_line/target_options.hpp"
#include "report/findings.hpp"
#include "report/visible_text.hpp"

namespace heddle::inject {
namespace {

void print(const CampaignReport& report) {
  for (const Site& site : report.sites) {
    say("{} stack={} thread=#{}{} {}{}\n", site.call, site.stack, site.thread_path,
        site.thread_name.empty() ? "" : " (" + site.thread_name + ")", counted(site.count, "time"),
        site.raw ? ", inside libc or inline" : "");
    for (const Frame& frame : site.frames) {
      say("    {}\n", describe_frame(report, frame));
    }
  }
}

int list_sites(const TargetOptions& options) {
  const auto target = make_target(options);
  if (!target) {
    return complain(target.error());
  }
  auto recorded = record_target(*target);
  if (!recorded) {
    return complain(recorded.error());
  }
  CampaignReport report;
  report.modules = std::move(recorded->runs.modules);
  report.sites = std::move(recorded->runs.sites);
  print(report);
  tell("heddle-inject: {}", counted(report.sites.size(), "site"));
  for (const auto& [program, count] : recorded->runs.all_sites) {
    if (program != target->options.exe) {
      tell("; {} in {}: see --exe", count, program);
    }
  }
  tell("\n");
  return report.sites.empty() ? exit_nothing_fired : exit_all_acceptable;
}

}  // namespace

void add_sites_command(CLI::App& application, int& status) {
  const auto options = std::make_shared<TargetOptions>();
  CLI::App* const command = application.add_subcommand(
      "sites", "Lists the places at which a program makes injectable calls.");
  command->footer(
      "A site is a call from one call stack in one thread. A rule of heddle-inject run names it "
      "by\n"
      "the stack=... and thread=... that are printed with it.\n\n"
      "Exit status: 0; 2 the program cannot be run; 4 it has no site.");
  add_site_options(*command, *options);
  add_run_options(*command, *options);
  command->callback([options, &status] { status = list_sites(*options); });
}

}  // namespace heddle::inject
