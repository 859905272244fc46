#include <fmt/core.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "speed.hpp"
#include "table.hpp"
#include "tool.hpp"

namespace heddle::inject::bench {
namespace {

/// How many mmap calls each of the three threads makes; each call can fail with nine errnos in
/// three shapes.
constexpr int calls_per_thread = 16;
constexpr int calls_of_long_campaign = 248;
constexpr int rounds = 3;
constexpr int forks = 1000;
constexpr int runs_of_tools = 30;

Command three_threads(int calls) {
  return {HEDDLE_BENCH_THREE_THREADS, std::to_string(calls)};
}

struct Campaign {
  double faults;  // those that had a run of their own
  ToolRun run;
};

/// Explores the program with one job.
Campaign explore(int calls, bool watches_memory) {
  std::string folder = (std::filesystem::temp_directory_path() / "inject-bench-XXXXXX").string();
  if (mkdtemp(folder.data()) == nullptr) {
    std::perror("inject_bench: mkdtemp");
    std::exit(1);
  }
  const std::string log = folder + "/log";
  Campaign campaign{0, run(joined({HEDDLE_BENCH_INJECT, "explore", "--jobs", "1", "--calls", "mmap",
                                   "--occurrences", std::to_string(calls), "--log", log, "--"},
                                  three_threads(calls)),
                           watches_memory)};
  std::ifstream lines(log);
  for (std::string line; std::getline(lines, line);) {
    const auto record = nlohmann::json::parse(line);
    if (record.contains("fired") && record.contains("not_reached")) {
      campaign.faults = record["fired"].get<double>() + record["not_reached"].get<double>();
    }
  }
  std::filesystem::remove_all(folder);
  if (campaign.run.status != 0 || campaign.faults == 0) {
    fmt::print(stderr, "inject_bench: the campaign ended with {}: {}\n", campaign.run.status,
               campaign.run.output);
    std::exit(1);
  }
  return campaign;
}

double runs_per_second(const Command& command) {
  double seconds = 0;
  for (int index = 0; index < runs_of_tools; ++index) {
    seconds += run(command).seconds;
  }
  return runs_of_tools / seconds;
}

void compare(const std::string& tool, const Command& command, double campaign) {
  if (!is_installed(command[0])) {
    print_missing("  " + tool, command[0]);
    return;
  }
  const double runs = runs_per_second(joined(command, three_threads(calls_per_thread)));
  print_line(fmt::format("  a loop of {}", tool), runs, "/s");
  print_line(fmt::format("  explore / {}", tool), campaign / runs, "times", Bound::at_least, 10);
}

}  // namespace

void measure_campaign() {
  double faults = 0;
  double best = 0;
  double best_fork = 0;
  for (int round = 0; round < rounds; ++round) {
    const Campaign campaign = explore(calls_per_thread, false);
    faults = campaign.faults;
    best = std::max(best, campaign.faults / campaign.run.seconds);
    best_fork = std::max(
        best_fork,
        numbers_of(joined({"env", std::string("LD_PRELOAD=") + HEDDLE_BENCH_SHIM},
                          joined(three_threads(calls_per_thread), {std::to_string(forks)})))
            .at(0));
  }
  fmt::print("a campaign of {:.0f} faults on a program of three threads\n", faults);
  print_line("  fork and wait, no faults", best_fork, "/s");
  print_line("  heddle-inject explore --jobs 1", best, "/s");
  print_line("  explore / fork and wait", 100 * best / best_fork, "%", Bound::at_least, 80);
  // The first calls that strace counts are the dynamic linker's, whose failure ends the program
  // before it begins. So the rule is about a call that no thread reaches.
  compare("strace -f -e inject",
          {"strace", "-f", "-o", "/dev/null", "-e", "trace=mmap", "-e",
           "inject=mmap:error=ENOMEM:when=100"},
          best);
  compare("fiu-run", {"fiu-run", "-x", "-c", "enable name=posix/mm/mmap,onetime"}, best);
}

void measure_memory() {
  const Campaign campaign = explore(calls_of_long_campaign, true);
  fmt::print("a campaign of {:.0f} faults, which takes {:.0f} s\n", campaign.faults,
             campaign.run.seconds);
  print_line("  resident memory of the driver, both processes",
             static_cast<double>(campaign.run.tree_memory_kib) * 1024 / 1e6, "MB", Bound::at_most,
             200);
}

}  // namespace heddle::inject::bench
