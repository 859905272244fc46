#include "command_line/run_command.h"

#include <fmt/core.h>

#include <cstdlib>
#include <memory>

#include "command_line/complaint.h"
#include "command_line/fired_rules.h"
#include "plan/injectable_calls.h"
#include "plan/plan.h"
#include "plan/plan_file.h"
#include "program/preload.h"
#include "program/program.h"
#include "program/run.h"

namespace heddle::inject {
namespace {

constexpr int kRuleDidNotFire = 124;

struct RunOptions {
  std::vector<std::string> expressions;
  std::vector<std::string> command;
  bool must_fire = false;
};

tl::expected<std::vector<heddle_inject_rule>, std::string> parse_plan(
    const std::vector<std::string>& expressions) {
  std::vector<heddle_inject_rule> rules;
  for (const std::string& expression : expressions) {
    const auto rule = parse_rule(expression);
    if (!rule) {
      return tl::unexpected(describe(rule.error(), expression));
    }
    rules.push_back(*rule);
  }
  return rules;
}

/// Prints a line for each rule; says whether all of them fired.
bool report(const std::vector<std::string>& expressions, const PlanFile& plan) {
  bool all_fired = true;
  for (std::size_t index = 0; index < expressions.size(); ++index) {
    const RuleTotals totals = plan.totals(index);
    fmt::print(stderr, "heddle-inject: {}\n", describe_outcome(expressions[index], totals));
    all_fired = all_fired && totals.fired != 0;
  }
  return all_fired;
}

int run_with_plan(const RunOptions& options, const PlanFile& plan, const std::string& program) {
  const char* const existing = std::getenv("LD_PRELOAD");
  const auto preload = find_shim().and_then([&](const std::string& shim) {
    return preload_value(shim, existing != nullptr ? existing : "");
  });
  if (!preload) {
    return complain(preload.error());
  }
  const auto status = run_program({program, options.command, *preload, plan.path()});
  if (!status) {
    return complain(status.error());
  }
  const bool all_fired = report(options.expressions, plan);
  return options.must_fire && !all_fired ? kRuleDidNotFire : *status;
}

int run(const RunOptions& options) {
  const auto rules = parse_plan(options.expressions);
  if (!rules) {
    return complain(rules.error());
  }
  const auto program = find_program(options.command.front());
  if (!program) {
    return complain(program.error());
  }
  if (const auto preloadable = check_preloadable(*program); !preloadable) {
    return complain(preloadable.error());
  }
  const auto plan = PlanFile::create(*rules);
  return plan ? run_with_plan(options, *plan, *program) : complain(plan.error());
}

std::string plan_help() {
  return "PLAN is CALL:error=ERRNO[:when=FIRST[..LAST][+[STEP]]][:count=thread|process],\n"
         "or futex.wait:spurious[:when=...][:count=...]; without when, every call.\n"
         "CALL is one of these, which document these errnos (any other errno is taken as well):\n" +
         describe_injectable_calls() +
         "Exit status: the program's own, 128 + N after signal N; 125: heddle-inject itself\n"
         "failed; 124: with --must-fire, a rule did not fire.";
}

}  // namespace

void add_run_command(CLI::App& application, int& status) {
  const auto options = std::make_shared<RunOptions>();
  CLI::App* const command = application.add_subcommand("run", "Runs one program once.");
  command->footer(plan_help());
  command->add_option("-e,--plan", options->expressions, "Which call fails, how, and when.")
      ->required()
      ->allow_extra_args(false)
      ->type_name("PLAN");
  command->add_flag("--must-fire", options->must_fire,
                    "End with status 124 when a rule did not fire.");
  command->add_option("command", options->command, "The program and its arguments, after --.")
      ->required();
  // What follows the program's name is the program's, also if it looks like an option of ours.
  command->positionals_at_end();
  command->callback([options, &status] { status = run(*options); });
}

}  // namespace heddle::inject
