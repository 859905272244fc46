#include "command_line/shrink_command.hpp"

#include <fmt/core.h>

#include <memory>

#include "campaign/trial.hpp"
#include "command_line/campaign_status.hpp"
#include "command_line/recorded_target.hpp"
#include "command_line/target_options.hpp"
#include "plan/plan.hpp"
#include "program/shell_words.hpp"
#include "report/findings.hpp"

namespace heddle::inject {
namespace {

struct ShrinkOptions {
  TargetOptions target;
  std::vector<std::string> expressions;
};

using Rules = std::vector<PlannedRule>;

tl::expected<Verdict, std::string> verdict_of(Trial& trial, const Rules& rules) {
  std::vector<heddle_inject_rule> armed;
  for (const PlannedRule& planned : rules) {
    armed.push_back(planned.rule);
  }
  const auto seen = trial.together(armed);
  return seen ? tl::expected<Verdict, std::string>(seen->verdict) : tl::unexpected(seen.error());
}

/// Leaves out one rule after another as long as the verdict stays. Afterwards each remaining rule
/// is needed.
tl::expected<Rules, std::string> shrink(Trial& trial, Rules rules, Verdict wanted) {
  for (std::size_t index = 0; index < rules.size() && rules.size() > 1;) {
    Rules fewer = rules;
    fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(index));
    const auto verdict = verdict_of(trial, fewer);
    if (!verdict) {
      return tl::unexpected(verdict.error());
    }
    if (*verdict == wanted) {
      rules = std::move(fewer);
      index = 0;  // a rule that was needed before may now be superfluous
    } else {
      ++index;
    }
  }
  return rules;
}

tl::expected<Rules, std::string> read_rules(const std::vector<std::string>& expressions) {
  Rules rules;
  for (const std::string& expression : expressions) {
    const auto parsed = parse_rules(expression);
    if (!parsed) {
      return tl::unexpected(describe(parsed.error(), expression));
    }
    rules.insert(rules.end(), parsed->begin(), parsed->end());
  }
  return rules;
}

int shrink_plan(const ShrinkOptions& options) {
  auto rules = read_rules(options.expressions);
  if (!rules) {
    return complain(rules.error(), exit_usage);
  }
  const auto target = make_target(options.target);
  if (!target) {
    return complain(target.error());
  }
  const auto recorded = record_target(*target);
  if (!recorded) {
    return complain(recorded.error());
  }
  Trial trial(*recorded->runner, recorded->runs.fault_free, target->options);
  const auto verdict = verdict_of(trial, *rules);
  if (!verdict) {
    return complain_of_trial(verdict.error());
  }
  if (*verdict == Verdict::not_reached) {
    return complain("none of the rules fires, so there is nothing to shrink", exit_nothing_fired);
  }
  const auto fewest = shrink(trial, *rules, *verdict);
  if (!fewest) {
    return complain_of_trial(fewest.error());
  }
  std::vector<std::string> words = words_of_run(target->options);
  for (const PlannedRule& planned : *fewest) {
    words.insert(words.end(), {"-e", planned.expression});
  }
  words.emplace_back("--");
  words.insert(words.end(), options.target.command.begin(), options.target.command.end());
  fmt::print("{}: {} of {} rules are enough\n{}\n", verdict_name(*verdict), fewest->size(),
             rules->size(), shell_words(words));
  return exit_all_acceptable;
}

}  // namespace

void add_shrink_command(CLI::App& application, int& status) {
  const auto options = std::make_shared<ShrinkOptions>();
  CLI::App* const command = application.add_subcommand(
      "shrink", "Finds the fewest of several rules that still lead to the same verdict.");
  command->footer(
      "Exit status: 0; 2 the command line is wrong or the program cannot be run; 4 no rule fires; "
      "6\nheddle-inject itself failed.");
  command->add_option("-e,--plan", options->expressions, "A rule, as in heddle-inject run.")
      ->required()
      ->allow_extra_args(false)
      ->type_name("RULE");
  add_run_options(*command, options->target);
  command->callback([options, &status] { status = shrink_plan(*options); });
}

}  // namespace heddle::inject
