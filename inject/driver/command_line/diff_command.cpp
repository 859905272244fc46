#include "command_line/diff_command.hpp"

#include <memory>

#include "campaign/comparison.hpp"
#include "command_line/campaign_status.hpp"
#include "report/findings.hpp"
#include "report/visible_text.hpp"

namespace heddle::inject {
namespace {

struct DiffOptions {
  std::string before;
  std::string after;
};

/// Prints one line; returns whether the newer log has a finding that the older one lacks.
bool print(const Change& change, const CampaignReport& before, const CampaignReport& after) {
  const bool was_finding = change.before != nullptr && is_finding(before, *change.before);
  const bool is_now_finding = change.after != nullptr && is_finding(after, *change.after);
  const CampaignReport& report = change.after != nullptr ? after : before;
  const FaultRun& fault = change.after != nullptr ? *change.after : *change.before;
  const auto verdict = [](const FaultRun* run) {
    return run == nullptr ? "not there" : verdict_name(run->verdict);
  };
  const char* const kind = !is_now_finding ? "finding gone"
                           : was_finding   ? "other finding"
                                           : "new finding";
  say("{}: {} -> {}: {} {} in thread #{}, called from {}\n", kind, verdict(change.before),
      verdict(change.after), change.site->call, describe_fault(fault), change.site->thread_path,
      change.site->frames.empty() ? "?" : describe_frame(report, change.site->frames.front()));
  return is_now_finding && !was_finding;
}

int diff(const DiffOptions& options) {
  const auto before = read_log(options.before);
  const auto after = read_log(options.after);
  if (!before || !after) {
    return complain(before ? after.error() : before.error(), exit_usage);
  }
  const std::vector<Change> changes = compare(*before, *after);
  bool has_new_findings = false;
  for (const Change& change : changes) {
    has_new_findings = print(change, *before, *after) || has_new_findings;
  }
  if (changes.empty()) {
    fmt::print("no change\n");
  }
  return has_new_findings ? exit_findings : exit_all_acceptable;
}

}  // namespace

void add_diff_command(CLI::App& application, int& status) {
  const auto options = std::make_shared<DiffOptions>();
  CLI::App* const command =
      application.add_subcommand("diff", "Compares two campaigns, even over two builds.");
  command->footer(
      "Call sites are compared by call, thread and the names of functions and modules, so the "
      "logs\n"
      "may be of different builds. One line for each finding that is new, gone, or another one. "
      "Faults\n"
      "that are unstable in either log, and calls that only some fault-free runs make, are not "
      "compared.\n\nExit status: 0 no new finding, 1 new findings, 2 a log cannot be read.");
  command->add_option("old", options->before, "The older log.")->required();
  command->add_option("new", options->after, "The newer log.")->required();
  command->callback([options, &status] { status = diff(*options); });
}

}  // namespace heddle::inject
