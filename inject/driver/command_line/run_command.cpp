#include "command_line/run_command.hpp"

#include <fmt/core.h>
#include <sys/wait.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <random>

#include "campaign/memory_reports.hpp"
#include "campaign/observation.hpp"
#include "command_line/complaint.hpp"
#include "command_line/fired_rules.hpp"
#include "memory/leak_report.hpp"
#include "memory/memcheck_report.hpp"
#include "memory/own_sanitizer.hpp"
#include "plan/injectable_calls.hpp"
#include "plan/plan.hpp"
#include "plan/plan_file.hpp"
#include "plan/plan_text.hpp"
#include "plan/strace_command.hpp"
#include "program/preload.hpp"
#include "program/program.hpp"
#include "program/run.hpp"
#include "program/shell_words.hpp"

namespace heddle::inject {
namespace {

constexpr int not_injectable = 2;
constexpr int rule_did_not_fire = 124;

/// LeakSanitizer prints its report on standard error, and the status stays the program's own.
constexpr const char* leak_options_of_run =
    "fast_unwind_on_malloc=0:exitcode=0:handle_segv=0:handle_sigbus=0:handle_abort=0:"
    "handle_sigill=0:handle_sigfpe=0:use_sigaltstack=0";

using Plan = std::vector<PlannedRule>;

struct RunOptions {
  std::vector<std::string> expressions;
  std::vector<std::string> plan_files;
  std::vector<std::string> command;
  std::optional<std::uint64_t> seed;
  std::string stacks = "frame-pointers";
  bool raw = false;
  bool must_fire = false;
  bool as_strace = false;
  std::string check;
};

/// Reads the rules of the command line, then those of the files: if several fire, the first
/// decides.
tl::expected<Plan, std::string> read_plan(const RunOptions& options) {
  Plan plan;
  for (const std::string& expression : options.expressions) {
    const auto rules = parse_rules(expression);
    if (!rules) {
      return tl::unexpected(describe(rules.error(), expression));
    }
    plan.insert(plan.end(), rules->begin(), rules->end());
  }
  for (const std::string& path : options.plan_files) {
    const auto rules = read_plan_text(path);
    if (!rules) {
      return tl::unexpected(rules.error());
    }
    plan.insert(plan.end(), rules->begin(), rules->end());
  }
  if (plan.empty()) {
    return tl::unexpected(std::string("there is no rule, so nothing could fail: give one with -e"));
  }
  return plan;
}

/// Gives rules that draw their seed. Prints a seed that it chooses, so that the run can be
/// repeated.
void seed_plan(Plan& plan, std::optional<std::uint64_t> seed) {
  const auto needs = [](const PlannedRule& planned) { return needs_seed(planned.rule); };
  if (std::ranges::none_of(plan, needs)) {
    return;
  }
  if (!seed) {
    seed = std::uint64_t{std::random_device{}()} + 1;  // never 0
    tell("heddle-inject: drawing with --seed {}\n", *seed);
  }
  for (PlannedRule& planned : plan) {
    if (needs_seed(planned.rule)) {
      give_seed(planned, *seed);
    }
  }
}

/// Prints a line for each rule; says whether all of them fired.
bool report(const Plan& plan, const PlanFile& file) {
  bool all_fired = true;
  for (std::size_t index = 0; index < plan.size(); ++index) {
    const RuleTotals totals = file.totals(index);
    tell("heddle-inject: {}\n", describe_outcome(plan[index], totals, file.control()));
    all_fired = all_fired && totals.fired != 0;
  }
  return all_fired;
}

tl::expected<PlanFile, std::string> armed_file(const RunOptions& options, const Plan& plan) {
  std::vector<heddle_inject_rule> rules;
  for (const PlannedRule& planned : plan) {
    rules.push_back(planned.rule);
  }
  std::uint32_t flags = 0;
  flags |= options.raw ? std::uint32_t{HEDDLE_INJECT_RAW} : 0;
  flags |= options.stacks == "libunwind" ? std::uint32_t{HEDDLE_INJECT_LIBUNWIND} : 0;
  auto file = PlanFile::create({.flags = flags, .site_capacity = 0});
  if (!file) {
    return file;
  }
  if (const auto armed = file->arm(rules); !armed) {
    return tl::unexpected(armed.error());
  }
  return file;
}

int run_with_plan(const RunOptions& options, const Plan& plan, const std::string& program) {
  const auto file = armed_file(options, plan);
  if (!file) {
    return complain(file.error());
  }
  RunRequest request{program, options.command, {}, file->path()};
  std::string checker;
  const std::string own = options.check.empty() ? std::string() : own_sanitizer(program);
  if (!own.empty()) {
    tell("heddle-inject: --check {} left out: the program has {}, which takes its place\n",
         options.check, own);
  } else if (!options.check.empty()) {
    const bool memcheck = options.check == check_memcheck;
    const auto found = memcheck ? find_valgrind() : find_leak_checker();
    if (!found) {
      return complain(found.error());
    }
    if (memcheck) {
      request.launcher = {*found, "--quiet", "--leak-check=full", "--show-leak-kinds=definite"};
    } else {
      checker = *found;
      request.leak_options = leak_options_of_run;
    }
  }
  const auto preload = preload_of_program(checker);
  if (!preload) {
    return complain(preload.error());
  }
  request.preload = *preload;
  const auto ended = run_program(request);
  if (!ended) {
    return complain(ended.error());
  }
  const bool all_fired = report(plan, *file);
  if (WIFSIGNALED(*ended)) {
    tell("heddle-inject: the program ended with {}\n", describe_wait_status(*ended));
  }
  if (options.must_fire && !all_fired) {
    return rule_did_not_fire;
  }
  return WIFSIGNALED(*ended) ? 128 + WTERMSIG(*ended) : WEXITSTATUS(*ended);
}

int print_strace_command(const Plan& plan, const std::vector<std::string>& program) {
  StraceCommand command = nearest_strace_command(plan);
  for (const std::string& difference : command.differences) {
    tell("heddle-inject: {}\n", difference);
  }
  if (command.arguments.empty()) {
    return complain("strace can do nothing of this plan");
  }
  command.arguments.emplace_back("--");
  command.arguments.insert(command.arguments.end(), program.begin(), program.end());
  fmt::print("{}\n", shell_words(command.arguments));
  return 0;
}

int run(const RunOptions& options) {
  auto plan = read_plan(options);
  if (!plan) {
    return complain(plan.error());
  }
  if (options.as_strace) {
    return print_strace_command(*plan, options.command);
  }
  const auto program = find_program(options.command.front());
  if (!program) {
    return complain(program.error());
  }
  if (const auto preloadable = check_preloadable(*program); !preloadable) {
    complain(preloadable.error());
    return not_injectable;
  }
  seed_plan(*plan, options.seed);
  return run_with_plan(options, *plan, *program);
}

std::string run_help() {
  return R"(A rule is CALL:KEY[=VALUE]:..., as in strace's -e inject. It says what the call does
(error=ERRNO, retval=N, spurious, signal=NAME, delay_enter=TIME, delay_exit=TIME), when
(when=FIRST[..LAST][+[STEP]], count=thread|process, times=N, p=CHANCE, seed=N, sticky, possible) and
where (thread=NAME|#PATH, stack=HASH, caller=LIBRARY, exe=NAME, op=wait, arg2>=65536).

Examples:
  heddle-inject run -e pthread_create:error=EAGAIN:when=2 -- xz -T2 -k big
      The second attempt of a thread of xz to create a thread fails.
  heddle-inject run --raw -e mmap:error=ENOMEM:p=0.01:seed=7 -- python3 script.py
      One mapping in a hundred fails, including those of malloc; the next run fails the same ones.
  heddle-inject run --must-fire -e 'mmap:error=ENOMEM:arg2>=1048576:caller=libfoo.so' -- prog
      Mappings of 1 MiB and more that libfoo.so makes fail; a run in which none did has status 124.

Calls, and the errnos that they document (any other will do as well). Spurious is for
futex.wait. Every other system call is syscall.NAME or syscall.NUMBER.
)" + describe_injectable_calls() +
         R"(
Exit status: the program's own, 128 + N after signal N; or
    2  the library cannot get into the program, or --raw is not available here
  124  with --must-fire: a rule did not fire
  125  heddle-inject itself failed, and says why)";
}

void add_options(CLI::App& command, RunOptions& options) {
  command.add_option("-e,--plan", options.expressions, "A rule: which call fails, how, and when.")
      ->allow_extra_args(false)
      ->type_name("RULE");
  command.add_option("-f,--plan-file", options.plan_files, "A file with a rule on each line.")
      ->allow_extra_args(false)
      ->type_name("FILE");
  command.add_flag("--must-fire", options.must_fire,
                   "End with status 124 when a rule did not fire.");
  command.add_flag("--raw", options.raw,
                   "Also see the system calls that libc makes itself, and inline ones.");
  command
      .add_option("--stacks", options.stacks,
                  "How call stacks are walked: frame-pointers (fast; the default), or libunwind, "
                  "for code without frame pointers.")
      ->check(CLI::IsMember({"frame-pointers", "libunwind"}))
      ->type_name("WAY");
  command
      .add_option("--seed", options.seed, "For rules that draw (p=) and have no seed of their own.")
      ->check(CLI::PositiveNumber)
      ->type_name("N");
  command.add_flag("--as-strace", options.as_strace,
                   "Print the nearest strace command, and run nothing.");
  command
      .add_option("--check", options.check,
                  "Check memory, and print what is found. leaks: blocks of the heap that the "
                  "program has lost when it ends, by LeakSanitizer's run-time library; memcheck: "
                  "every error that Valgrind finds.")
      ->check(CLI::IsMember({std::string(check_leaks), std::string(check_memcheck)}))
      ->type_name("CHECKER");
  command.add_option("command", options.command, "The program and its arguments, after --.")
      ->required();
}

}  // namespace

void add_run_command(CLI::App& application, int& status) {
  const auto options = std::make_shared<RunOptions>();
  CLI::App* const command = application.add_subcommand(
      "run", "Runs a program once, makes chosen calls of it fail, and says which rules fired.");
  command->footer(run_help());
  add_options(*command, *options);
  // Words behind the program's name are the program's, even if they look like our options.
  command->positionals_at_end();
  command->callback([options, &status] { status = run(*options); });
}

}  // namespace heddle::inject
