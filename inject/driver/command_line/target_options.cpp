#include "command_line/target_options.hpp"

#include <fmt/core.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>

#include "campaign/memory_reports.hpp"
#include "plan/quantities.hpp"
#include "plan/signal_names.hpp"
#include "program/program.hpp"

namespace heddle::inject {
namespace {

namespace fs = std::filesystem;

/// Returns the file that a script's first line names; for `#!/usr/bin/env NAME`, the file that env
/// finds.
std::string interpreter_of(const std::string& program) {
  std::ifstream file(program, std::ios::binary);
  std::string line;
  std::getline(file, line);
  if (!line.starts_with("#!")) {
    return program;
  }
  std::istringstream words(line.substr(2));
  std::string interpreter;
  std::string argument;
  words >> interpreter >> argument;
  if (fs::path(interpreter).filename() == "env" && !argument.empty()) {
    return find_program(argument).value_or(interpreter);
  }
  return interpreter;
}

/// Returns the file name by which the kernel knows the running program: links are followed.
std::string running_name(const std::string& program) {
  std::error_code error;
  const fs::path file = fs::canonical(interpreter_of(program), error);
  return (error ? fs::path(program) : file).filename();
}

tl::expected<void, std::string> check_server_options(const TargetOptions& options) {
  const CampaignOptions& campaign = options.campaign;
  if (campaign.ready.empty() && !campaign.then.empty()) {
    return tl::unexpected(std::string(
        "--then needs --ready: say which line of output shows that the server is ready"));
  }
  try {
    std::regex{campaign.ready};
  } catch (const std::regex_error& error) {
    return tl::unexpected(fmt::format("--ready {}: {}", campaign.ready, error.what()));
  }
  return {};
}

tl::expected<void, std::string> check_files(const CampaignOptions& campaign) {
  if (!campaign.standard_input.empty() && access(campaign.standard_input.c_str(), R_OK) != 0) {
    return tl::unexpected(fmt::format("--stdin {}: it cannot be read", campaign.standard_input));
  }
  if (!campaign.working_folder_copy.empty() && !fs::is_directory(campaign.working_folder_copy)) {
    return tl::unexpected(
        fmt::format("--workdir-copy {}: it is not a folder", campaign.working_folder_copy));
  }
  return {};
}

tl::expected<CampaignOptions, std::string> campaign_options(const TargetOptions& options) {
  CampaignOptions campaign = options.campaign;
  for (const std::string& several : options.calls) {
    std::istringstream patterns(several);
    for (std::string pattern; std::getline(patterns, pattern, ',');) {
      campaign.calls.push_back(pattern);
    }
  }
  campaign.libunwind = options.stacks == "libunwind";
  campaign.fork_server = !options.no_fork_server;
  if (!options.timeout.empty()) {
    const auto nanoseconds = parse_duration(options.timeout);
    if (!nanoseconds || *nanoseconds < 1'000'000) {
      return tl::unexpected(fmt::format(
          "--timeout {}: give a time of 1ms or more, such as 500ms or 10s", options.timeout));
    }
    campaign.timeout_ms = *nanoseconds / 1'000'000;
  }
  const auto signal = signal_number(options.stop_signal);
  if (!signal) {
    return tl::unexpected(
        fmt::format("--stop-signal {}: there is no such signal", options.stop_signal));
  }
  campaign.stop_signal = *signal;
  return campaign;
}

}  // namespace

void add_run_options(CLI::App& command, TargetOptions& options) {
  CampaignOptions& campaign = options.campaign;
  command.add_option("--timeout", options.timeout,
                     "Deadline of each run, such as 500ms or 10s; by default 20 times what the "
                     "program needs unharmed, at least 2s.");
  command.add_option("--stdin", campaign.standard_input,
                     "File that each run reads as standard input; by default /dev/null.");
  command.add_option("--workdir-copy", campaign.working_folder_copy,
                     "Folder of which each run gets a fresh copy, as its working folder.");
  command.add_option("--ready", campaign.ready,
                     "For servers: the server is ready when a line of its output matches this "
                     "regular expression.");
  command.add_option("--then", campaign.then,
                     "The client: a command for sh, run when the server is ready.");
  command.add_option("--stop-signal", options.stop_signal,
                     "The signal that ends the server once its client has ended; by default TERM.");
  command
      .add_option("--baseline-status", campaign.baseline_status,
                  "The exit status that the program has when nothing fails; by default 0.")
      ->check(CLI::Range(0, 255));
  command
      .add_option("--check", campaign.check,
                  "Also check memory in each run. leaks: blocks of the heap that the program has "
                  "lost when it ends, by LeakSanitizer's run-time library; memcheck: every error "
                  "that Valgrind finds, in runs that take many times as long.")
      ->check(CLI::IsMember({std::string(check_leaks), std::string(check_memcheck)}))
      ->type_name("CHECKER");
  command.add_flag("--no-fork-server", options.no_fork_server,
                   "Execute the program anew for each run.");
  command.add_flag("--raw", campaign.raw,
                   "Also see the system calls that libc makes itself, and inline ones.");
  command
      .add_option("--stacks", options.stacks,
                  "How call stacks are taken: frame-pointers (the default) or libunwind.")
      ->check(CLI::IsMember({"frame-pointers", "libunwind"}));
  command.add_option("command", options.command, "The program and its arguments, after --.")
      ->required();
  // Words behind the program's name are the program's, even if they look like our options.
  command.positionals_at_end();
}

void add_site_options(CLI::App& command, TargetOptions& options) {
  CampaignOptions& campaign = options.campaign;
  command.add_option("--calls", options.calls,
                     "Only these calls: names or patterns, separated by commas, such as "
                     "'pthread_*,mmap'.");
  command.add_option("--caller", campaign.caller, "Only calls that this module makes.");
  command.add_option(
      "--exe", campaign.exe,
      "File name of the program whose calls fail, if several are started; by default "
      "the program that is named, or a script's interpreter.");
}

void add_fault_options(CLI::App& command, TargetOptions& options) {
  add_site_options(command, options);
  CampaignOptions& campaign = options.campaign;
  command
      .add_option("--errors", campaign.errors,
                  "How probable the errnos are: likely, possible (the default) or hostile; each "
                  "includes those before it.")
      ->check(CLI::IsMember({"likely", "possible", "hostile"}));
  command
      .add_option("--occurrences", campaign.occurrences,
                  "How many calls of each site are tried; by default 3.")
      ->check(CLI::PositiveNumber);
  command
      .add_option("--in-a-row", campaign.in_a_row,
                  "How many calls of a site fail in a row; by default 3.")
      ->check(CLI::PositiveNumber);
  command.add_flag("--pairs", campaign.pairs,
                   "Also try a second fault, at each site to which only the first fault has led.");
}

tl::expected<Target, RunFailure> make_target(const TargetOptions& options) {
  if (const auto checked = check_server_options(options); !checked) {
    return tl::unexpected(checked.error());
  }
  auto campaign = campaign_options(options);
  if (!campaign) {
    return tl::unexpected(campaign.error());
  }
  if (const auto checked = check_files(*campaign); !checked) {
    return tl::unexpected(checked.error());
  }
  if (campaign->raw && campaign->check == check_memcheck) {
    return tl::unexpected(
        RunFailure("--raw with --check memcheck: the raw layer sees no calls of a program that "
                   "Valgrind translates; leave one of them out"));
  }
  const auto program = find_program(options.command.front());
  if (!program) {
    return tl::unexpected(program.error());
  }
  if (const auto preloadable = check_preloadable(*program); !preloadable) {
    return tl::unexpected(preloadable.error());
  }
  if (campaign->exe.empty()) {
    campaign->exe = running_name(*program);
  }
  // An absolute path, since runs may start in folders of their own.
  Target target{fs::absolute(*program), options.command, {}, *campaign};
  if (const auto equipped = equip(target); !equipped) {
    return tl::unexpected(RunFailure(equipped.error(), RunFailure::Kind::tool));
  }
  return target;
}

}  // namespace heddle::inject
