#include "campaign/trial.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "campaign/judgements.hpp"
#include "campaign/memory_reports.hpp"
#include "campaign/repetition.hpp"

namespace heddle::inject {
namespace {

/// Makes a rule that counts the later calls of the fault's name, wherever they are made: the rule
/// sticks where the fault fires, and lets every call pass.
heddle_inject_rule later_calls_of(heddle_inject_rule rule) {
  rule.action = HEDDLE_INJECT_NOTHING;
  rule.flags = HEDDLE_INJECT_STICKY;
  return rule;
}

bool makes_fail(const heddle_inject_rule& rule) {
  return rule.action == HEDDLE_INJECT_ERROR || rule.action == HEDDLE_INJECT_RETURN;
}

std::string status_of(const Observation& run) {
  return run.end == RunEnd::ended ? describe_wait_status(run.wait_status)
                                  : "killed after its deadline";
}

/// Says whether the leak of a fault grows with the number of calls that fail.
std::string growth(const FaultRun& once, const FaultRun& fault) {
  if (once.verdict != Verdict::leaked || fault.verdict != Verdict::leaked ||
      once.memory_errors.empty() || fault.memory_errors.empty()) {
    return {};
  }
  const std::uint64_t before = once.memory_errors.front().bytes;
  return fault.memory_errors.front().bytes > before
             ? fmt::format("; it grows with each call that fails, from {} bytes after one", before)
             : "; no more than after one such call";
}

/// Shortens the deadline for repetitions of a hang, whose first run has had all of it.
int repeated_deadline(Verdict verdict, int deadline_ms) {
  const bool waited = verdict == Verdict::hung || verdict == Verdict::still_waiting;
  return waited ? std::max(deadline_ms / 4, std::min(deadline_ms, 500)) : deadline_ms;
}

}  // namespace

JudgedFault Trial::judged(const std::vector<heddle_inject_rule>& rules,
                          const std::vector<RuleTotals>& totals) const {
  std::size_t last = rules.size() - 1;
  while (last > 0 && rules[last].action == HEDDLE_INJECT_NOTHING) {
    --last;
  }
  return {static_cast<heddle_inject_call>(rules[last].call), totals[last].fired,
          makes_fail(rules[last]), options_.raw, kept_descriptors_};
}

tl::expected<Observation, std::string> Trial::observe(const RunOrder& order) const {
  const Baseline& usual = fault_free_.baseline;
  RunOrder informed = order;
  informed.usual_threads = usual.exit_observed ? static_cast<std::uint32_t>(usual.threads.most) : 0;
  informed.serves_twice = usual.second_client.has_value();
  auto run = runner_.run(informed);
  if (run && run->end == RunEnd::cancelled) {
    return tl::unexpected(std::string("cancelled"));
  }
  return run;
}

tl::expected<Trial::Seen, std::string> Trial::run_once(const std::vector<heddle_inject_rule>& rules,
                                                       const RunOrder& order) const {
  auto run = observe(order);
  if (!run) {
    return tl::unexpected(run.error());
  }
  Judgement judgement = judge(fault_free_.baseline, *run, judged(rules, run->rules));
  return Seen{std::move(*run), std::move(judgement)};
}

tl::expected<Trial::Seen, std::string> Trial::run_until_fired(
    const std::vector<heddle_inject_rule>& rules, const RunOrder& order) const {
  auto seen = run_once(rules, order);
  // Threads may take other turns next time, and reach the site then.
  for (int attempt = 1;
       attempt < attempts && seen && seen->judgement.verdict == Verdict::not_reached; ++attempt) {
    seen = run_once(rules, order);
  }
  return seen;
}

tl::expected<void, std::string> Trial::repeat(const std::vector<heddle_inject_rule>& rules,
                                              Seen& first, FaultRun& fault) {
  const Verdict verdict = first.judgement.verdict;
  RunOrder order{rules, repeated_deadline(verdict, fault_free_.deadline_ms)};
  order.stacks_at_crash = verdict == Verdict::crashed || verdict == Verdict::aborted;
  order.stacks_when_hung = true;
  std::vector<Judgement> runs{first.judgement};
  for (int repetition = 0; repetition < repetitions; ++repetition) {
    // All runs of one fork server share addresses and random bytes; another server has others.
    if (const auto renewed = runner_.renew(); !renewed) {
      return tl::unexpected(renewed.error().message);
    }
    auto again = run_until_fired(rules, order);
    if (!again) {
      return tl::unexpected(again.error());
    }
    runs.push_back(std::move(again->judgement));
    if (runs.back().verdict == verdict && first.run.stacks.empty()) {
      first.run.stacks = std::move(again->run.stacks);
      order.stacks_at_crash = first.run.stacks.empty() && order.stacks_at_crash;
    }
  }
  first.judgement = judge_together(runs);
  if (first.judgement.verdict == verdict) {
    fault.repeated = fault.repetitions = repetitions;
  } else {
    fault.outcomes = distinct_verdicts(runs);
  }
  return {};
}

void Trial::add_stacks(FaultRun& fault, const std::vector<ThreadStack>& stacks) {
  for (const ThreadStack& stack : stacks) {
    LoggedStack& logged = fault.threads.emplace_back();
    logged.name = stack.name;
    logged.faulting = stack.signal != 0;
    for (const StackFrame& frame : stack.frames) {
      const std::uint32_t module = place_of({frame.module, {}}, modules_);
      const bool known = module != Frame::no_module;
      // An address outside all modules differs from run to run, and tells nothing.
      const std::uint64_t offset = known ? frame.offset - (frame.is_return_address ? 1 : 0) : 0;
      logged.frames.push_back({module, offset, {}, {}, 0});
    }
  }
}

void Trial::add_memory_errors(FaultRun& fault, const std::vector<MemoryError>& errors) {
  for (const MemoryError& error : errors) {
    if (fault.memory_errors.size() == LoggedMemoryError::most) {
      break;
    }
    fault.memory_errors.push_back(
        {error.kind, error.what, error.bytes, error.blocks, frames_of(error.stack)});
  }
}

std::vector<Frame> Trial::frames_of(const std::vector<CodePlace>& stack) {
  std::vector<Frame> frames;
  for (const CodePlace& place : stack) {
    const std::uint32_t module = place_of(Module{place.object, {}}, modules_);
    // Memcheck has named the function if it can be named; its addresses are those of the run.
    const bool is_offset = options_.check == check_leaks;
    frames.push_back(
        {module, is_offset ? place.address : 0, place.function, place.file, place.line});
  }
  return frames;
}

tl::expected<FaultRun, std::string> Trial::run_and_judge(
    const std::vector<heddle_inject_rule>& rules, FaultRun fault) {
  RunOrder order{rules, fault_free_.deadline_ms};
  order.stacks_when_hung = true;
  auto seen = run_until_fired(rules, order);
  if (!seen) {
    return tl::unexpected(seen.error());
  }
  last_totals_ = seen->run.rules;
  last_descriptors_ = seen->run.exit_state.descriptors;
  fault.fired = judged(rules, seen->run.rules).fired;
  if (needs_repetition(seen->judgement.verdict)) {
    if (const auto repeated = repeat(rules, *seen, fault); !repeated) {
      return tl::unexpected(repeated.error());
    }
  }
  fault.verdict = seen->judgement.verdict;
  fault.evidence = std::move(seen->judgement.evidence);
  fault.message = std::move(seen->judgement.message);
  fault.status = status_of(seen->run);
  fault.milliseconds = seen->run.milliseconds;
  add_stacks(fault, seen->run.stacks);
  if (!seen->run.memory.fatal_stack.empty()) {
    fault.threads.push_back({options_.exe, true, frames_of(seen->run.memory.fatal_stack)});
  }
  add_memory_errors(
      fault, new_memory_errors(fault_free_.baseline, seen->run, judged(rules, seen->run.rules)));
  return fault;
}

tl::expected<FaultRun, std::string> Trial::once(const std::vector<heddle_inject_rule>& rules,
                                                FaultRun fault) const {
  auto seen = run_once(rules, {rules, fault_free_.deadline_ms});
  if (!seen) {
    return tl::unexpected(seen.error());
  }
  fault.fired = judged(rules, seen->run.rules).fired;
  fault.verdict = seen->judgement.verdict;
  fault.evidence = std::move(seen->judgement.evidence);
  fault.status = status_of(seen->run);
  return fault;
}

tl::expected<Judgement, std::string> Trial::together(
    const std::vector<heddle_inject_rule>& rules) const {
  const auto run = observe({rules, fault_free_.deadline_ms});
  if (!run) {
    return tl::unexpected(run.error());
  }
  // Verdicts are ordered: the worst that any of the rules leads to is what they did together.
  Judgement worst;
  for (std::size_t count = 1; count <= rules.size(); ++count) {
    const std::vector first(rules.begin(), rules.begin() + static_cast<std::ptrdiff_t>(count));
    Judgement judgement = judge(fault_free_.baseline, *run, judged(first, run->rules));
    if (judgement.verdict > worst.verdict) {
      worst = std::move(judgement);
    }
  }
  return worst;
}

tl::expected<std::uint64_t, std::string> Trial::kept_descriptors(const Site& site,
                                                                 heddle_inject_rule rule) const {
  const std::uint64_t usual = fault_free_.baseline.descriptors.most;
  if (site.count < 2 || last_descriptors_ <= usual) {
    return 0;
  }
  rule.first = 1;
  rule.last = UINT64_MAX;
  rule.step = 1;
  const auto run = observe({{&rule, 1}, fault_free_.deadline_ms});
  if (!run) {
    return tl::unexpected(run.error());
  }
  const bool tells = run->end == RunEnd::ended && run->exit_state.observed != 0 &&
                     run->rules.front().fired > last_totals_.front().fired;
  return tells && run->exit_state.descriptors <= last_descriptors_ ? last_descriptors_ - usual : 0;
}

tl::expected<CampaignReport, std::string> Trial::of(const Site& site, const PlannedFault& fault) {
  CampaignReport result;
  modules_.clear();
  kept_descriptors_ = 0;
  std::uint64_t later_anywhere = 0;
  std::uint64_t later_here = 0;
  for (std::size_t index = 0; index < std::size(PlannedFault::shapes); ++index) {
    const Shape shape = PlannedFault::shapes[index];
    FaultRun run;
    run.id = std::to_string(fault.first_id + index);
    run.site = site.id;
    run.occurrence = fault.occurrence;
    run.error = fault.error;
    run.shape = shape;
    std::vector rules{rule_of(site, fault, shape, options_)};
    run.rules = {expression_of(rules.front(), site)};
    if (shape == Shape::once) {
      rules.push_back(later_calls_of(rules.front()));
    } else {
      const FaultRun& once = result.faults.front();
      // All shapes are the same up to the fault: if "once" did not reach the call, neither do
      // others.
      run.same_as_once = once.verdict != Verdict::not_reached &&
                         (shape == Shape::from_here_on ? later_anywhere : later_here) == 0;
      if (run.same_as_once || once.verdict == Verdict::not_reached) {
        run.verdict = once.verdict;
        result.faults.push_back(std::move(run));
        continue;
      }
    }
    auto judged_run = run_and_judge(rules, run);
    if (judged_run && shape == Shape::once && judged_run->verdict == Verdict::leaked) {
      const auto kept = kept_descriptors(site, rules.front());
      if (!kept) {
        return tl::unexpected(kept.error());
      }
      kept_descriptors_ = *kept;
      judged_run = *kept != 0 ? run_and_judge(rules, run) : std::move(judged_run);
    }
    if (!judged_run) {
      return tl::unexpected(judged_run.error());
    }
    if (shape == Shape::once && judged_run->fired != 0) {
      later_anywhere = last_totals_[1].fired;
      later_here = last_totals_[0].reached - std::min(last_totals_[0].reached, fault.occurrence);
    }
    if (shape != Shape::once) {
      judged_run->evidence += growth(result.faults.front(), *judged_run);
    }
    result.faults.push_back(std::move(*judged_run));
  }
  if (options_.pairs && result.faults.front().fired != 0) {
    if (const auto tried = try_pairs(site, fault, result); !tried) {
      return tl::unexpected(tried.error());
    }
  }
  result.modules = std::move(modules_);
  return result;
}

tl::expected<void, std::string> Trial::try_pairs(const Site& site, const PlannedFault& first,
                                                 CampaignReport& result) {
  const heddle_inject_rule first_rule = rule_of(site, first, Shape::once, options_);
  RunOrder order{{&first_rule, 1}, fault_free_.deadline_ms};
  order.recorded = true;
  const auto recorded = run_once({first_rule}, order);
  if (!recorded) {
    return tl::unexpected(recorded.error());
  }
  RecordedSites reached;
  reached.add(runner_.plan(), &fault_free_.sites);
  result.sites = reached.sorted(modules_);
  std::erase_if(result.sites,
                [&](const Site& other) { return !is_chosen(other, modules_, options_); });
  for (Site& other : result.sites) {
    other.after = first.first_id;
  }
  std::uint64_t ordinal = 0;
  for (const PlannedFault& second : plan_faults(result.sites, options_)) {
    const Site& other = *std::ranges::find(result.sites, second.site, &Site::id);
    FaultRun run;
    run.id = fmt::format("{}+{}", first.first_id, ++ordinal);
    run.site = second.site;
    run.occurrence = second.occurrence;
    run.error = second.error;
    const heddle_inject_rule second_rule = rule_of(other, second, Shape::once, options_);
    run.rules = {expression_of(first_rule, site), expression_of(second_rule, other)};
    auto judged_run = run_and_judge({first_rule, second_rule}, std::move(run));
    if (!judged_run) {
      return tl::unexpected(judged_run.error());
    }
    result.faults.push_back(std::move(*judged_run));
  }
  return {};
}

}  // namespace heddle::inject
