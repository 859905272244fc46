#include "campaign/campaign.hpp"

#include <fmt/core.h>
#include <poll.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <set>
#include <utility>

#include "campaign/faults.hpp"
#include "campaign/header.hpp"
#include "campaign/interrupts.hpp"
#include "campaign/log_file.hpp"
#include "campaign/recorded_sites.hpp"
#include "campaign/recording.hpp"
#include "campaign/worker_pool.hpp"
#include "process/leftovers.hpp"
#include "process/symbols.hpp"

namespace heddle::inject {
namespace {

using Failure = CampaignFailure;
using Reason = CampaignFailure::Reason;
using Clock = std::chrono::steady_clock;

tl::unexpected<Failure> failure(Reason reason, std::string message) {
  return tl::unexpected(Failure{reason, std::move(message)});
}

Reason reason_of(RunFailure::Kind kind) {
  switch (kind) {
    case RunFailure::Kind::program:
      return Reason::usage;
    case RunFailure::Kind::interrupted:
      return Reason::interrupted;
    default:
      return Reason::internal;
  }
}

std::uint64_t fnv1a(std::string_view text) {
  return heddle_inject_path_hash(std::string(text).c_str());
}

bool is_second_of_pair(const FaultRun& fault) {
  return fault.id.find('+') != std::string::npos;
}

class Campaign {
 public:
  Campaign(const Target& target, const CampaignSettings& settings)
      : target_(target), settings_(settings) {}

  tl::expected<CampaignReport, Failure> run();

 private:
  tl::expected<LogFile, Failure> open_log();
  tl::expected<void, Failure> resume(LogFile& log);
  tl::expected<FaultFreeRuns, Failure> record() const;
  void plan();
  tl::expected<bool, std::string> take(LogFile& log, CampaignReport result);
  std::string place(CampaignReport& result);
  void add(FaultRun fault);
  void sum_up(const std::string& stopped);
  std::uint64_t done() const {
    return report_.summary->fired + report_.summary->not_reached + report_.summary->same_as_once;
  }
  double seconds() const { return std::chrono::duration<double>(Clock::now() - start_).count(); }

  const Target& target_;
  const CampaignSettings& settings_;
  const Clock::time_point start_ = Clock::now();
  Interrupts interrupts_;
  Symbols symbols_;
  CampaignReport report_;
  bool begun_ = false;                // the log has the sites already
  std::set<std::string> done_;        // ids of the faults in the log that is resumed
  std::vector<PlannedFault> faults_;  // to be tried
  std::uint64_t tried_ = 0;           // in this process
  bool out_of_budget_ = false;
};

tl::expected<LogFile, Failure> Campaign::open_log() {
  report_.header = header_of(target_);
  report_.summary.emplace();
  for (const Verdict verdict : settings_.accepted) {
    report_.summary->accepted.emplace_back(verdict_name(verdict));
  }
  auto log =
      settings_.resume ? LogFile::open(settings_.log_path) : LogFile::create(settings_.log_path);
  if (!log) {
    return failure(reason_of(log.error().kind), log.error().message);
  }
  if (settings_.resume) {
    if (auto resumed = resume(*log); !resumed) {
      return tl::unexpected(std::move(resumed.error()));
    }
  }
  return std::move(*log);
}

/// Takes over what the log has. A log that was cut short before its first fault is begun anew,
/// since it may lack sites.
tl::expected<void, Failure> Campaign::resume(LogFile& log) {
  if (log.holds_nothing()) {
    const auto emptied = log.empty();
    return emptied ? tl::expected<void, Failure>() : failure(Reason::internal, emptied.error());
  }
  auto old = read_log(settings_.log_path);
  if (!old) {
    return failure(Reason::usage, old.error());
  }
  if (const auto same = check_same_campaign(old->header, report_.header); !same) {
    return failure(Reason::usage,
                   fmt::format("cannot resume {}: {}", settings_.log_path, same.error()));
  }
  const auto was_cut_short = log.drop_partial_line();
  if (!was_cut_short) {
    return failure(Reason::internal, was_cut_short.error());
  }
  if (*was_cut_short && old->faults.empty()) {
    const auto emptied = log.empty();
    return emptied ? tl::expected<void, Failure>() : failure(Reason::internal, emptied.error());
  }
  if (*was_cut_short) {
    // Read again without the last line, which may have lacked nothing but its newline.
    old = read_log(settings_.log_path);
  }
  if (!old) {
    return failure(Reason::usage, old.error());
  }
  begun_ = true;
  report_.modules = std::move(old->modules);
  report_.sites = std::move(old->sites);
  for (FaultRun& fault : old->faults) {
    done_.insert(fault.id);
    add(std::move(fault));
  }
  return {};
}

tl::expected<FaultFreeRuns, Failure> Campaign::record() const {
  const auto runner = Runner::create(target_, {interrupts_.descriptor(), POLLIN, 0});
  if (!runner) {
    return failure(reason_of(runner.error().kind), runner.error().message);
  }
  auto runs = record_fault_free(**runner, target_.options);
  if (!runs) {
    return failure(reason_of(runs.error().kind), runs.error().message);
  }
  return std::move(*runs);
}

/// Plans the faults of this shard that the log lacks.
void Campaign::plan() {
  // Sites that only a first fault has led to are tried in pairs alone.
  std::vector<Site> fault_free;
  std::ranges::copy_if(report_.sites, std::back_inserter(fault_free),
                       [](const Site& site) { return site.after == 0; });
  std::set<std::uint64_t> sites;
  for (PlannedFault& fault : plan_faults(fault_free, target_.options)) {
    const Site& site = report_.sites.at(fault.site - 1);
    sites.insert(fault.site);
    if (fnv1a(identity_of(site, fault)) % settings_.shard.count != settings_.shard.index - 1) {
      continue;
    }
    report_.summary->faults += std::size(PlannedFault::shapes);
    if (!done_.contains(std::to_string(fault.first_id + std::size(PlannedFault::shapes) - 1))) {
      faults_.push_back(std::move(fault));
    }
  }
  report_.summary->sites = sites.size();
  if (settings_.shard.count > 1) {
    report_.summary->shard = fmt::format("{}/{}", settings_.shard.index, settings_.shard.count);
  }
}

/// Counts the fault, and keeps what views need of it.
void Campaign::add(FaultRun fault) {
  Summary& summary = *report_.summary;
  summary.faults += is_second_of_pair(fault) ? 1 : 0;
  if (fault.same_as_once) {
    ++summary.same_as_once;
  } else if (fault.verdict == Verdict::not_reached) {
    ++summary.not_reached;
  } else {
    ++summary.fired;
    summary.not_judged += fault.verdict == Verdict::not_judged ? 1 : 0;
  }
  const bool finding = is_finding(report_, fault);
  summary.findings += finding ? 1 : 0;
  if (finding || fault.verdict == Verdict::unstable) {
    report_.faults.push_back(std::move(fault));
    return;
  }
  // A campaign may have very many faults like this one, so the details stay in the log.
  FaultRun& kept = report_.faults.emplace_back();
  kept.id = std::move(fault.id);
  kept.site = fault.site;
  kept.occurrence = fault.occurrence;
  kept.error = std::move(fault.error);
  kept.shape = fault.shape;
  kept.same_as_once = fault.same_as_once;
  kept.fired = fault.fired;
  kept.verdict = fault.verdict;
  kept.outcomes = std::move(fault.outcomes);
}

/// Gives the modules and sites of a trial, which have numbers of its own, their places in this
/// report. Returns the log's lines for those that are new.
std::string Campaign::place(CampaignReport& result) {
  std::string lines;
  std::vector<std::uint32_t> module_places;
  for (const Module& module : result.modules) {
    const std::size_t known = report_.modules.size();
    module_places.push_back(place_of(module, report_.modules));
    lines += report_.modules.size() != known ? to_line(module) + '\n' : "";
  }
  const auto place_frames = [&](std::vector<Frame>& frames) {
    for (Frame& frame : frames) {
      frame.module =
          frame.module == Frame::no_module ? frame.module : module_places.at(frame.module);
    }
    name_functions(frames, report_.modules, symbols_);
  };
  std::map<std::uint64_t, std::uint64_t> site_ids;
  for (Site& site : result.sites) {
    place_frames(site.frames);
    site.id = site_ids[site.id] = report_.sites.size() + 1;
    lines += to_line(site) + '\n';
    report_.sites.push_back(std::move(site));
  }
  for (FaultRun& fault : result.faults) {
    if (is_second_of_pair(fault)) {
      fault.site = site_ids.at(fault.site);
    }
    for (LoggedStack& stack : fault.threads) {
      place_frames(stack.frames);
    }
    for (LoggedMemoryError& error : fault.memory_errors) {
      place_frames(error.frames);
    }
  }
  return lines;
}

tl::expected<bool, std::string> Campaign::take(LogFile& log, CampaignReport result) {
  std::string lines = place(result);
  for (FaultRun& fault : result.faults) {
    lines += to_line(fault) + '\n';
    add(std::move(fault));
    ++tried_;
  }
  // In one piece, so that a log has all shapes of a fault or none.
  if (const auto written = log.write(lines); !written) {
    return tl::unexpected(written.error());
  }
  if (settings_.show_progress) {
    settings_.show_progress(
        {done(), report_.summary->faults, report_.summary->findings, seconds()});
  }
  const Budget& budget = settings_.budget;
  out_of_budget_ = (budget.seconds && seconds() >= *budget.seconds) ||
                   (budget.faults && tried_ >= *budget.faults);
  return !out_of_budget_;
}

/// Completes the summary. `stopped` says why the campaign ended early; empty: it finished.
void Campaign::sum_up(const std::string& stopped) {
  report_.summary->not_run = report_.summary->faults - std::min(done(), report_.summary->faults);
  if (report_.summary->not_run != 0) {
    report_.summary->stopped = stopped;
  }
  report_.summary->seconds = seconds();
}

tl::expected<CampaignReport, Failure> Campaign::run() {
  adopt_orphans();
  auto log = open_log();
  if (!log) {
    return tl::unexpected(log.error());
  }
  auto runs = record();
  if (!runs) {
    if (!begun_) {
      // The empty log would only be in the way of the next attempt.
      std::filesystem::remove(settings_.log_path);
    }
    return tl::unexpected(runs.error());
  }
  report_.recording = runs->recording;
  if (!begun_) {
    report_.modules = std::move(runs->modules);
    report_.sites = std::move(runs->sites);
    const CampaignReport beginning{
        report_.header, report_.recording, report_.modules, report_.sites, {}, {}};
    if (const auto written = log->write(to_lines(beginning)); !written) {
      return failure(Reason::internal, written.error());
    }
  }
  plan();
  if (report_.summary->sites == 0) {
    return failure(Reason::no_site, no_site_message(*runs, target_.options));
  }
  const std::vector<Site> sites = report_.sites;  // the report's own may grow
  const auto end = try_all({target_, runs->fault_free, sites, faults_, log->descriptor()},
                           settings_.jobs, interrupts_.descriptor(),
                           [&](CampaignReport result) { return take(*log, std::move(result)); });
  if (!end) {
    sum_up("internal error: " + end.error());
    // If the log itself has failed, this fails too; the returned message says why.
    static_cast<void>(log->write(to_line(*report_.summary) + '\n'));
    return failure(Reason::internal, end.error());
  }
  const char* const reason = out_of_budget_ ? "budget" : "interrupted";
  sum_up(*end == PoolEnd::stopped ? reason : "");
  if (const auto written = log->write(to_line(*report_.summary) + '\n'); !written) {
    return failure(Reason::internal, written.error());
  }
  return std::move(report_);
}

}  // namespace

tl::expected<CampaignReport, CampaignFailure> run_campaign(const Target& target,
                                                           const CampaignSettings& settings) {
  return Campaign(target, settings).run();
}

}  // namespace heddle::inject
