#include "command_line/replay_command.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <memory>

#include "campaign/trial.hpp"
#include "command_line/campaign_status.hpp"
#include "command_line/recorded_target.hpp"
#include "plan/plan.hpp"
#include "report/findings.hpp"
#include "report/visible_text.hpp"

namespace heddle::inject {
namespace {

struct ReplayOptions {
  std::string log;
  std::string id;
  std::uint64_t times = 1;
};

/// Returns the fault with the id, or all findings for "all".
std::vector<const FaultRun*> chosen(const CampaignReport& report, const std::string& id) {
  std::vector<const FaultRun*> faults;
  for (const FaultRun& fault : report.faults) {
    if (id == "all" ? is_finding(report, fault) : fault.id == id) {
      faults.push_back(&fault);
    }
  }
  return faults;
}

tl::expected<std::vector<heddle_inject_rule>, std::string> rules_of(const FaultRun& fault) {
  std::vector<heddle_inject_rule> rules;
  for (const std::string& expression : fault.rules) {
    const auto parsed = parse_rules(expression);
    if (!parsed) {
      return tl::unexpected(describe(parsed.error(), expression));
    }
    for (const PlannedRule& planned : *parsed) {
      rules.push_back(planned.rule);
    }
  }
  return rules;
}

/// Returns "3 times" or "2 to 5 times".
std::string firings(const Range& fired) {
  return fired.least == fired.most ? counted(fired.most, "time")
                                   : fmt::format("{} to {} times", fired.least, fired.most);
}

/// Repeats the fault and says how often it had the same verdict; true when it always had. The call
/// may fail again after the first time, depending on what the threads still do: that makes no other
/// fault of it. An unstable fault has no verdict of its own, so its first run here gives the one to
/// compare with.
tl::expected<bool, std::string> replay(Trial& trial, const FaultRun& fault, std::uint64_t times) {
  const auto rules = rules_of(fault);
  if (!rules) {
    return tl::unexpected(rules.error());
  }
  FaultRun expected = fault;
  std::uint64_t same = 0;
  Range fired{fault.fired, fault.fired};
  std::string other;
  for (std::uint64_t time = 0; time < times; ++time) {
    const auto seen = trial.once(*rules, fault);
    if (!seen) {
      return tl::unexpected(seen.error());
    }
    if (expected.verdict == Verdict::unstable) {
      expected = *seen;
    }
    if (seen->verdict == expected.verdict) {
      ++same;
      fired = {std::min(fired.least, seen->fired), std::max(fired.most, seen->fired)};
    } else {
      other = fmt::format("; otherwise fired {}, {}: {}", counted(seen->fired, "time"),
                          verdict_name(seen->verdict), seen->evidence);
    }
  }
  say("{}: {} of {} gave the same fault and verdict: fired {}, {}: {}{}\n", fault.id, same, times,
      firings(fired), verdict_name(expected.verdict), expected.evidence, other);
  return same == times;
}

int replay_all(const ReplayOptions& options) {
  const auto report = read_log(options.log);
  if (!report) {
    return complain(report.error(), exit_usage);
  }
  const std::vector<const FaultRun*> faults = chosen(*report, options.id);
  if (faults.empty()) {
    return complain(fmt::format("{} has no fault {}", options.log,
                                options.id == "all" ? "that is a finding" : options.id),
                    options.id == "all" ? exit_nothing_fired : exit_usage);
  }
  const auto target = target_of(report->header);
  if (!target) {
    return complain(target.error());
  }
  const auto recorded = record_target(*target);
  if (!recorded) {
    return complain(recorded.error());
  }
  Trial trial(*recorded->runner, recorded->runs.fault_free, target->options);
  bool all_same = true;
  for (const FaultRun* fault : faults) {
    const auto same = replay(trial, *fault, options.times);
    if (!same) {
      return complain_of_trial(same.error());
    }
    all_same = all_same && *same;
  }
  return all_same ? exit_all_acceptable : exit_findings;
}

}  // namespace

void add_replay_command(CLI::App& application, int& status) {
  const auto options = std::make_shared<ReplayOptions>();
  CLI::App* const command = application.add_subcommand(
      "replay", "Repeats a fault of a campaign, and says whether its outcome is the same.");
  command->footer(
      "Runs in the campaign's folder and with its options. To see the program's own output, "
      "use\nheddle-inject run with the rules that the log has for the fault.\n\n"
      "Exit status: 0 always the same, 1 not always, 2 no such log, fault or program, 6 "
      "heddle-inject\nitself failed.");
  command->add_option("log", options->log, "The log that explore has written.")->required();
  command->add_option("id", options->id, "The fault's number in it, or all, for all findings.")
      ->required();
  command->add_option("--times", options->times, "How often; by default once.")
      ->check(CLI::PositiveNumber);
  command->callback([options, &status] { status = replay_all(*options); });
}

}  // namespace heddle::inject
