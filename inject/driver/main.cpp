// heddle-inject: runs a program and makes chosen calls of it fail.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>

#include "injectable_calls.h"
#include "plan.h"
#include "plan_file.h"
#include "preload.h"
#include "program.h"
#include "report.h"
#include "run.h"

namespace heddle::inject {
namespace {

enum ExitStatus { kRuleDidNotFire = 124, kToolFailed = 125 };

struct RunOptions {
  std::vector<std::string> expressions;
  std::vector<std::string> command;
  bool must_fire = false;
};

int complain(const std::string& message) {
  fmt::print(stderr, "heddle-inject: {}\n", message);
  return kToolFailed;
}

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

int parse_and_run(int argument_count, char** arguments) {
  CLI::App application{"Runs a program and makes chosen calls of it fail.", "heddle-inject"};
  application.require_subcommand(1);
  application.footer(plan_help());
  RunOptions options;
  CLI::App* const run_command = application.add_subcommand("run", "Runs one program once.");
  run_command->footer(plan_help());
  run_command->add_option("-e,--plan", options.expressions, "Which call fails, how, and when.")
      ->required()
      ->allow_extra_args(false)
      ->type_name("PLAN");
  run_command->add_flag("--must-fire", options.must_fire,
                        "End with status 124 when a rule did not fire.");
  run_command->add_option("command", options.command, "The program and its arguments, after --.")
      ->required();
  // What follows the program's name is the program's, also if it looks like an option of ours.
  run_command->positionals_at_end();
  try {
    application.parse(argument_count, arguments);
  } catch (const CLI::ParseError& error) {
    return application.exit(error) == 0 ? 0 : kToolFailed;
  }
  return run(options);
}

}  // namespace
}  // namespace heddle::inject

int main(int argument_count, char** arguments) {
  try {
    return heddle::inject::parse_and_run(argument_count, arguments);
  } catch (const std::exception& error) {
    // Of the standard library's or CLI11's: out of memory, or a mistake in the options' set-up.
    (void)std::fprintf(stderr, "heddle-inject: internal error: %s\n", error.what());
    return 125;
  }
}
