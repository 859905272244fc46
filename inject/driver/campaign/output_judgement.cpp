// Compares what a run wrote with what the fault-free runs wrote.
#include <fmt/core.h>

#include <algorithm>

#include "campaign/judgements.hpp"
#include "campaign/output_difference.hpp"
#include "plan/injectable_calls.hpp"

namespace heddle::inject {
namespace {

/// Returns "thread" for the loss "a thread".
std::string_view noun_of(std::string_view loss) {
  return loss.substr(loss.find_last_of(' ') + 1);
}

/// Says whether standard output is as usual but for numbers, all of them in lines that name what
/// the call gives: "running with 3 of 4 threads".
bool counts_the_loss(const Baseline& baseline, const Observation& run, const JudgedFault& fault) {
  const char* const loss = injectable_calls()[fault.call].loss;
  const auto lines = baseline.output->lines_with_other_numbers(run.output);
  return loss != nullptr && lines && std::ranges::all_of(*lines, [&](std::string_view line) {
           return line.find(noun_of(loss)) != std::string_view::npos ||
                  line.find("worker") != std::string_view::npos;
         });
}

/// Judges what the program says of the fault on a standard output with all of its usual lines.
MaybeJudgement judge_words_on_output(const Baseline& baseline, const Observation& run,
                                     const JudgedFault& fault) {
  const bool fewer_calls = lacks_calls(baseline, run, fault);
  std::string message = first_new_error_message(baseline, run.output);
  if (baseline.output->has_lines_added(run.output)) {
    if (!message.empty()) {
      return Judgement{Verdict::reported,
                       "same status, and standard output as usual but for an error message",
                       std::move(message)};
    }
    message = first_new_line(baseline.output, baseline.output_lines, run.output.head());
    if (fewer_calls && !message.empty()) {
      return Judgement{Verdict::reported,
                       "same status, and standard output as usual but for new lines",
                       std::move(message)};
    }
  }
  if (fewer_calls && counts_the_loss(baseline, run, fault)) {
    return Judgement{
        Verdict::reported, "same status, and standard output says how many there are",
        std::string(without_end(baseline.output->lines_with_other_numbers(run.output)->front()))};
  }
  return std::nullopt;
}

/// Says whether standard output may tell what the failure has cost. Known lines cannot.
bool may_have_spoken_on_output(const Baseline& baseline, const Observation& run) {
  return !baseline.output && !has_known_words(baseline.output_lines, run.output);
}

}  // namespace

std::optional<bool> spoke(const Baseline& baseline, const Observation& run) {
  if (baseline.errors) {
    return !baseline.errors->matches(run.errors) && baseline.errors->has_new_line(run.errors);
  }
  return has_known_words(baseline.error_lines, run.errors) ? std::optional(false) : std::nullopt;
}

bool lacks_calls(const Baseline& baseline, const Observation& run, const JudgedFault& fault) {
  return fault.refused && run.calls.at(fault.call) < baseline.calls.at(fault.call).least;
}

MaybeJudgement judge_output(const Baseline& baseline, const Observation& run,
                            const JudgedFault& fault) {
  const bool same = !baseline.output || baseline.output->matches(run.output);
  const bool client_same = !baseline.client || !baseline.client->output ||
                           baseline.client->output->matches(run.client.output);
  if (same && client_same) {
    return std::nullopt;
  }
  const std::string what = same ? "the client's output" : "standard output";
  if (spoke(baseline, run).value_or(true)) {
    return Judgement{Verdict::reported, what + " differs, and standard error may say why", {}};
  }
  if (client_same) {
    if (auto words = judge_words_on_output(baseline, run, fault)) {
      return words;
    }
  }
  const std::string difference = same ? baseline.client->output->difference(run.client.output)
                                      : baseline.output->difference(run.output);
  return Judgement{
      Verdict::wrong_output,
      fmt::format("{} {}, with the same status and nothing on standard error", what, difference),
      {}};
}

MaybeJudgement judge_files(const Baseline& baseline, const Observation& run) {
  const std::vector<FileDifference> differences = baseline.files.differences(run.files);
  if (differences.empty()) {
    return std::nullopt;
  }
  if (spoke(baseline, run).value_or(true)) {
    return Judgement{Verdict::reported,
                     differences.front().description + ", and standard error may say why",
                     {}};
  }
  for (const FileDifference& file : differences) {
    if (!file.error_message.empty()) {
      return Judgement{Verdict::reported, file.description, file.error_message};
    }
  }
  const std::string others =
      differences.size() == 1 ? "" : fmt::format(" ({} more files differ)", differences.size() - 1);
  return Judgement{Verdict::wrong_output, differences.front().description + others, {}};
}

MaybeJudgement judge_loss(const Baseline& baseline, const Observation& run,
                          const JudgedFault& fault) {
  const InjectableCall& row = injectable_calls()[fault.call];
  if (row.loss == nullptr || !lacks_calls(baseline, run, fault) ||
      spoke(baseline, run).value_or(true) || may_have_spoken_on_output(baseline, run)) {
    return std::nullopt;
  }
  return Judgement{
      Verdict::silently_degraded,
      fmt::format("it went on without {}, and said nothing: {} of the usual {} calls succeeded",
                  row.loss, run.calls.at(fault.call), baseline.calls.at(fault.call).least),
      {}};
}

}  // namespace heddle::inject
