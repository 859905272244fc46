#include "campaign/recording.hpp"

#include <algorithm>
#include <cmath>

#include "campaign/client.hpp"
#include "campaign/fault_free_end.hpp"
#include "campaign/faults.hpp"
#include "campaign/memory_reports.hpp"
#include "campaign/plain_runs.hpp"
#include "process/symbols.hpp"

namespace heddle::inject {
namespace {

constexpr int fewest_runs = 2;
/// Quick programs are run more often: the more runs, the surer the ranges of what they hold at
/// exit.
constexpr int most_runs = 5;
constexpr double time_for_more_runs_ms = 500;

/// The deadline of a program about which nothing is known yet.
constexpr int first_deadline_ms = 60000;
/// How much slower a program may be under memcheck, which translates its code.
constexpr int memcheck_factor = 20;
constexpr int least_deadline_ms = 2000;
constexpr double deadline_factor = 20;

/// Shorter: a server whose --ready never matches stays idle, while its user waits for the message.
constexpr int first_deadline_of_server_ms = 10000;

int first_deadline_of(const CampaignOptions& options) {
  if (options.timeout_ms != 0) {
    return static_cast<int>(options.timeout_ms);
  }
  const int deadline = options.ready.empty() ? first_deadline_ms : first_deadline_of_server_ms;
  return options.check == check_memcheck ? memcheck_factor * deadline : deadline;
}

int deadline_of(const CampaignOptions& options, double slowest_ms) {
  if (options.timeout_ms != 0) {
    return static_cast<int>(options.timeout_ms);
  }
  return std::max(least_deadline_ms, static_cast<int>(std::ceil(deadline_factor * slowest_ms)));
}

void count_sites(FaultFreeRuns& runs, const CampaignOptions& options) {
  for (const Site& site : runs.sites) {
    ++runs.all_sites[site.exe];
    runs.recording.sites_in_other_programs += site.exe != options.exe ? 1 : 0;
  }
}

/// Keeps only the sites that the options choose, and numbers them.
void choose_sites(FaultFreeRuns& runs, const CampaignOptions& options) {
  std::erase_if(runs.sites,
                [&](const Site& site) { return !is_chosen(site, runs.modules, options); });
  std::uint64_t id = 0;
  for (Site& site : runs.sites) {
    site.id = ++id;
    if (errors_of(site, options).empty()) {
      ++runs.recording.sites_without_errors;
    } else {
      runs.recording.later_occurrences += site.count - std::min(site.count, options.occurrences);
    }
  }
}

void describe(FaultFreeRuns& runs, const Runner& runner) {
  const Baseline& baseline = runs.fault_free.baseline;
  Recording& recording = runs.recording;
  recording.runs = baseline.runs;
  recording.status = baseline.wait_status ? describe_wait_status(*baseline.wait_status) : "differs";
  recording.output_compared = baseline.output.has_value();
  recording.errors_compared = baseline.errors.has_value();
  recording.exit_observed = baseline.exit_observed;
  recording.memory_not_checked = baseline.memory_not_checked;
  recording.calls_before_start_up = runner.calls_before_start_up();
  recording.lost_calls = runs.fault_free.sites.lost_calls();
  recording.fork_server = runner.has_fork_server();
  recording.no_fork_server_reason = runner.no_fork_server_reason();
  recording.milliseconds = baseline.slowest_ms;
}

/// Returns why the shim could not do its work; empty when it could. A process that could not even
/// map the plan can say so only on standard error.
std::string refusal_in(const Observation& run) {
  constexpr std::string_view prefix = "heddle-inject: ";
  const std::string_view text = run.errors.head();
  if (run.shim_started || !run.refusal.empty() || !text.starts_with(prefix)) {
    return run.refusal;
  }
  return std::string(text.substr(prefix.size(), text.find('\n') - prefix.size()));
}

/// Notes whether memory was checked in the fault-free runs.
void note_checker(Baseline& baseline, const CampaignOptions& options) {
  if (options.check == check_leaks && baseline.memory_not_checked.empty() &&
      !baseline.exit_observed) {
    baseline.memory_not_checked =
        "the program ends by a signal or _exit, or filters its own system calls";
  }
  baseline.checker = baseline.memory_not_checked.empty() ? options.check : "";
}

std::string joined(const std::string& remark, const std::string& other) {
  return remark + (remark.empty() || other.empty() ? "" : "; ") + other;
}

}  // namespace

void name_functions(std::vector<Frame>& frames, const std::vector<Module>& modules,
                    Symbols& symbols) {
  for (Frame& frame : frames) {
    if (frame.module != Frame::no_module && frame.function.empty()) {
      const Symbol& symbol = symbols.at(modules.at(frame.module).path, frame.offset);
      frame.function = symbol.function;
      frame.file = symbol.file;
      frame.line = symbol.line;
    }
  }
}

tl::expected<FaultFreeRuns, RunFailure> record_fault_free(Runner& runner,
                                                          const CampaignOptions& options) {
  using Kind = RunFailure::Kind;
  FaultFreeRuns runs;
  std::vector<Observation> observations;
  RunOrder order;
  order.deadline_ms = first_deadline_of(options);
  order.recorded = true;
  double total_ms = 0;
  while (observations.size() < fewest_runs ||
         (observations.size() < most_runs && total_ms < time_for_more_runs_ms)) {
    // Runs of one fork server share their addresses. A second server shows what depends on them.
    if (observations.size() == 1) {
      if (const auto renewed = runner.renew(); !renewed) {
        return tl::unexpected(renewed.error());
      }
    }
    auto run = runner.run(order);
    if (!run) {
      return tl::unexpected(RunFailure(run.error(), Kind::tool));
    }
    if (run->end == RunEnd::cancelled) {
      return tl::unexpected(RunFailure("interrupted", Kind::interrupted));
    }
    if (std::string refusal = refusal_in(*run); !refusal.empty()) {
      return tl::unexpected(std::move(refusal));
    }
    if (!options.ready.empty() && !run->client.started) {
      return tl::unexpected(never_ready_message(options.ready, *run));
    }
    // A server that never serves a second client is not waited for again.
    order.serves_twice = run->second_client.ended;
    runs.fault_free.sites.add(runner.plan());
    total_ms += run->milliseconds;
    observations.push_back(std::move(*run));
  }
  auto baseline = baseline_of(observations);
  if (!baseline) {
    return tl::unexpected(baseline.error());
  }
  const auto changed_by_shim =
      compare_with_plain_runs(runner, options, observations, order.deadline_ms);
  if (!changed_by_shim) {
    return tl::unexpected(changed_by_shim.error());
  }
  note_failure(*baseline, observations, options);
  note_checker(*baseline, options);
  runs.recording.remark = joined(remark_on_end(*baseline, observations, options), *changed_by_shim);
  runs.fault_free.baseline = std::move(*baseline);
  runs.fault_free.deadline_ms = deadline_of(options, runs.fault_free.baseline.slowest_ms);
  runs.sites = runs.fault_free.sites.sorted(runs.modules);
  count_sites(runs, options);
  choose_sites(runs, options);
  describe(runs, runner);
  Symbols symbols;
  for (Site& site : runs.sites) {
    name_functions(site.frames, runs.modules, symbols);
  }
  return runs;
}

}  // namespace heddle::inject
