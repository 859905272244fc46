#include "command_line/explore_command.hpp"

#include <fmt/core.h>
#include <unistd.h>

#include <memory>
#include <sstream>

#include "campaign/campaign.hpp"
#include "command_line/campaign_status.hpp"
#include "command_line/target_options.hpp"
#include "plan/quantities.hpp"
#include "program/number_text.hpp"
#include "report/terminal_view.hpp"

namespace heddle::inject {
namespace {

struct ExploreOptions {
  TargetOptions target;
  int jobs = 1;
  std::string shard;
  std::string budget;
  std::string accept = "survived,reported,unstable";
  std::string log = "heddle-inject.jsonl";
  bool resume = false;
};

tl::expected<Shard, std::string> parse_shard(const std::string& text) {
  if (text.empty()) {
    return Shard{};
  }
  const std::size_t slash = text.find('/');
  const auto index = number_in<std::uint64_t>(text.substr(0, slash));
  const auto count =
      number_in<std::uint64_t>(slash == std::string::npos ? "" : text.substr(slash + 1));
  if (!index || !count || *index < 1 || *index > *count) {
    return tl::unexpected(fmt::format("--shard {}: write it as I/N, with I from 1 to N", text));
  }
  return Shard{*index, *count};
}

tl::expected<Budget, std::string> parse_budget(const std::string& text) {
  Budget budget;
  if (text.empty()) {
    return budget;
  }
  budget.faults = number_in<std::uint64_t>(text);
  if (budget.faults) {
    return budget;
  }
  const auto nanoseconds = parse_duration(text);
  if (!nanoseconds) {
    return tl::unexpected(
        fmt::format("--budget {}: give a number of faults, or a time such as 90s", text));
  }
  budget.seconds = static_cast<double>(*nanoseconds) / 1e9;
  return budget;
}

tl::expected<std::vector<Verdict>, std::string> parse_verdicts(const std::string& text) {
  std::vector<Verdict> verdicts;
  std::istringstream names(text);
  for (std::string name; std::getline(names, name, ',');) {
    const auto verdict = verdict_of_name(name);
    if (!verdict || *verdict == Verdict::not_reached || *verdict == Verdict::not_judged) {
      return tl::unexpected(
          fmt::format("--accept {}: there is no verdict '{}': survived, reported, unstable, "
                      "aborted, crashed, memory error, hung, still waiting, out of service, "
                      "leaked, wrong output, silently degraded",
                      text, name));
    }
    verdicts.push_back(*verdict);
  }
  return verdicts;
}

tl::expected<CampaignSettings, std::string> make_settings(const ExploreOptions& options) {
  const auto shard = parse_shard(options.shard);
  const auto budget = parse_budget(options.budget);
  auto accepted = parse_verdicts(options.accept);
  if (!shard) {
    return tl::unexpected(shard.error());
  }
  if (!budget) {
    return tl::unexpected(budget.error());
  }
  if (!accepted) {
    return tl::unexpected(accepted.error());
  }
  return CampaignSettings{options.jobs,         *shard,      *budget, options.resume,
                          std::move(*accepted), options.log, {}};
}

/// Rewrites the line of progress on a terminal.
void show_progress(const CampaignProgress& progress) {
  const double share = static_cast<double>(progress.done) /
                       static_cast<double>(std::max<std::uint64_t>(progress.faults, 1));
  const double left = share > 0 ? progress.seconds / share - progress.seconds : 0;
  fmt::print(stderr, "\rheddle-inject: {} of {} faults, {} findings, about {:.0f} s left\x1b[K",
             progress.done, progress.faults, progress.findings, left);
}

int status_of(CampaignFailure::Reason reason) {
  switch (reason) {
    case CampaignFailure::Reason::usage:
      return exit_usage;
    case CampaignFailure::Reason::no_site:
      return exit_nothing_fired;
    case CampaignFailure::Reason::interrupted:
      return exit_interrupted;
    default:
      return exit_internal_error;
  }
}

int status_of(const Summary& summary) {
  if (summary.stopped == "interrupted") {
    return exit_interrupted;
  }
  if (summary.fired == summary.not_judged) {
    return exit_nothing_fired;
  }
  return summary.findings != 0 ? exit_findings : exit_all_acceptable;
}

int explore(const ExploreOptions& options) {
  const auto target = make_target(options.target);
  if (!target) {
    return complain(target.error());
  }
  auto settings = make_settings(options);
  if (!settings) {
    return complain(settings.error(), exit_usage);
  }
  const bool to_terminal = isatty(STDERR_FILENO) == 1;
  if (to_terminal) {
    settings->show_progress = show_progress;
  }
  const auto report = run_campaign(*target, *settings);
  if (to_terminal) {
    fmt::print(stderr, "\r\x1b[K");
  }
  if (!report) {
    complain(report.error().message);
    return status_of(report.error().reason);
  }
  fmt::print("{}", terminal_view(*report, options.log, isatty(STDOUT_FILENO) == 1));
  return status_of(*report->summary);
}

constexpr const char* help =
    R"(Runs the program unharmed and lists every place that makes an injectable call. Then fails
each place with each errno that the call documents, in a fresh process for each fault: once,
from then on, and several times in a row. Says what the program did, and how to repeat it.

Verdicts: survived (as without the fault), reported (another exit status, or an error message),
aborted, crashed, memory error (memcheck reports one), hung, still waiting (with a time limit, to
the end of all deadlines), out of service (does not serve its client, even after the fault),
leaked (held more when it ended, or lost blocks of the heap), wrong output, silently degraded
(went on without what the call would have given, and said nothing). Each verdict but the first
two is tried again three times; if the runs disagree, the fault is unstable, which is no finding.

Examples:
  heddle-inject explore -- xz -T2 -k -c big
  heddle-inject explore --jobs 2 --calls 'pthread_*' --errors likely -- python3 script.py
  heddle-inject explore --ready 'Ready to accept' --then 'redis-cli ping' -- redis-server --port 7777
  heddle-inject show heddle-inject.jsonl --format html > campaign.html

Exit status: 0 all verdicts are acceptable, 1 there are findings, 2 the command line is wrong or
the program cannot be explored, 4 no call could fail, none did, or no fault could be judged,
6 heddle-inject itself failed, 130 interrupted (the log and the report then cover what was tried).)";

}  // namespace

void add_explore_command(CLI::App& application, int& status) {
  const auto options = std::make_shared<ExploreOptions>();
  CLI::App* const command = application.add_subcommand(
      "explore", "Fails every call, at every place, and says what the program did.");
  command->footer(help);
  add_fault_options(*command, options->target);
  command->add_option("--accept", options->accept,
                      "Verdicts that are no findings, separated by commas; by default "
                      "survived,reported,unstable.");
  command->add_option("--jobs", options->jobs, "How many faults are tried at once; by default 1.")
      ->check(CLI::Range(1, 256));
  command->add_option("--shard", options->shard,
                      "Only the I-th of N parts of the faults, written I/N.");
  command->add_option("--budget", options->budget,
                      "Stop after so many faults, or after a time such as 90s.");
  command->add_option("--log", options->log,
                      "The campaign's log, a new file; by default heddle-inject.jsonl.");
  command->add_flag("--resume", options->resume, "Go on with the campaign of the log.");
  add_run_options(*command, options->target);
  command->callback([options, &status] { status = explore(*options); });
}

}  // namespace heddle::inject
