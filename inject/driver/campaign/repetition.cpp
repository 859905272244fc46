#include "campaign/repetition.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <string_view>

namespace heddle::inject {
namespace {

bool rests_on_a_count(const Judgement& run) {
  return run.verdict == Verdict::leaked || run.verdict == Verdict::silently_degraded;
}

bool is_good(const Judgement& run) {
  return run.verdict == Verdict::survived || run.verdict == Verdict::reported;
}

/// Says "of 4 runs 3 hung, 1 survived", in the order in which the verdicts came.
std::string tally(const std::vector<Judgement>& runs) {
  std::string text = fmt::format("of {} runs", runs.size());
  std::string_view separator;
  for (const Verdict verdict : distinct_verdicts(runs)) {
    text +=
        fmt::format("{} {} {}", separator, std::ranges::count(runs, verdict, &Judgement::verdict),
                    verdict_name(verdict));
    separator = ",";
  }
  return text;
}

}  // namespace

std::vector<Verdict> distinct_verdicts(const std::vector<Judgement>& runs) {
  std::vector<Verdict> verdicts;
  for (const Judgement& run : runs) {
    if (std::ranges::find(verdicts, run.verdict) == verdicts.end()) {
      verdicts.push_back(run.verdict);
    }
  }
  return verdicts;
}

Judgement judge_together(const std::vector<Judgement>& runs) {
  const Judgement& first = runs.front();
  const auto agrees = [&](const Judgement& run) { return run.verdict == first.verdict; };
  if (std::ranges::all_of(runs, agrees)) {
    return first;
  }
  std::vector<Judgement> telling = runs;
  std::erase_if(telling, [](const Judgement& run) {
    return rests_on_a_count(run) || run.verdict == Verdict::not_reached;
  });
  const bool counts_alone = std::ranges::all_of(runs, [](const Judgement& run) {
    return rests_on_a_count(run) || is_good(run) || run.verdict == Verdict::not_reached;
  });
  if (counts_alone && !telling.empty()) {
    return telling.front();
  }
  return {Verdict::unstable, tally(runs), first.message};
}

}  // namespace heddle::inject
