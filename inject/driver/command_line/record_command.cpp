#include "command_line/record_command.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <memory>

#include "campaign/faults.hpp"
#include "campaign/header.hpp"
#include "campaign/log_file.hpp"
#include "command_line/campaign_status.hpp"
#include "command_line/recorded_target.hpp"
#include "command_line/target_options.hpp"
#include "plan/injectable_calls.hpp"
#include "report/findings.hpp"

namespace heddle::inject {
namespace {

struct RecordOptions {
  TargetOptions target;
  std::string log = "heddle-inject.jsonl";
};

/// How many faults a campaign would try for one call.
struct Prospect {
  std::uint64_t sites = 0;
  std::uint64_t likely = 0, possible = 0, hostile = 0;
};

std::uint64_t faults_of(const Site& site, CampaignOptions options, const std::string& errors) {
  options.errors = errors;
  return std::min(site.count, options.occurrences) * errors_of(site, options).size() *
         std::size(PlannedFault::shapes);
}

void print_prospects(const std::vector<Site>& sites, const CampaignOptions& options) {
  std::map<std::string, Prospect> prospects;
  for (const Site& site : sites) {
    Prospect& prospect = prospects[site.call];
    ++prospect.sites;
    prospect.likely += faults_of(site, options, "likely");
    prospect.possible += faults_of(site, options, "possible");
    prospect.hostile += faults_of(site, options, "hostile");
  }
  constexpr const char* row = "{:<28}{:>8}{:>10}{:>10}{:>10}\n";
  fmt::print(row, "faults with --errors", "sites", "likely", "possible", "hostile");
  Prospect sum;
  for (const auto& [call, prospect] : prospects) {
    fmt::print(row, call, prospect.sites, prospect.likely, prospect.possible, prospect.hostile);
    sum.sites += prospect.sites;
    sum.likely += prospect.likely;
    sum.possible += prospect.possible;
    sum.hostile += prospect.hostile;
  }
  fmt::print(row, "in all", sum.sites, sum.likely, sum.possible, sum.hostile);
}

tl::expected<void, RunFailure> write_log(const std::string& path, const Target& target,
                                         const FaultFreeRuns& runs) {
  auto log = LogFile::create(path);
  if (!log) {
    return tl::unexpected(log.error());
  }
  return log->write(to_lines({header_of(target), runs.recording, runs.modules, runs.sites, {}, {}}))
      .map_error([](const std::string& why) { return RunFailure(why, RunFailure::Kind::tool); });
}

int record(const RecordOptions& options) {
  const auto target = make_target(options.target);
  if (!target) {
    return complain(target.error());
  }
  const auto recorded = record_target(*target);
  if (!recorded) {
    return complain(recorded.error());
  }
  const FaultFreeRuns& runs = recorded->runs;
  if (runs.sites.empty()) {
    return complain(no_site_message(runs, target->options), exit_nothing_fired);
  }
  if (const auto written = write_log(options.log, *target, runs); !written) {
    return complain(written.error());
  }
  print_prospects(runs.sites, target->options);
  fmt::print(
      "a run takes {:.1f} ms; heddle-inject explore --resume --log {} with the same options "
      "tries them\n",
      runs.recording.milliseconds, options.log);
  return exit_all_acceptable;
}

}  // namespace

void add_record_command(CLI::App& application, int& status) {
  const auto options = std::make_shared<RecordOptions>();
  CLI::App* const command = application.add_subcommand(
      "record", "Runs a program unharmed, and says how many faults a campaign would try.");
  command->footer(
      "The log that it writes is the beginning of a campaign: explore --resume goes on with it.\n\n"
      "Exit status: 0; 2 the command line is wrong or the program cannot be run; 4 no call could "
      "fail.");
  add_fault_options(*command, options->target);
  command->add_option("--log", options->log,
                      "The log, a new file; by default heddle-inject.jsonl.");
  add_run_options(*command, options->target);
  command->callback([options, &status] { status = record(*options); });
}

}  // namespace heddle::inject
