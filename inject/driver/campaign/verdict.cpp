#include "campaign/verdict.hpp"

#include <fmt/core.h>
#include <signal.h>
#include <sys/wait.h>

#include <algorithm>
#include <optional>
#include <string_view>

#include "campaign/fault_free_end.hpp"
#include "campaign/judgements.hpp"
#include "campaign/memory_reports.hpp"

namespace heddle::inject {
namespace {

MaybeJudgement judge_hang(const Observation& run) {
  switch (run.end) {
    case RunEnd::blocked:
      return Judgement{Verdict::hung, "all threads are blocked: " + run.waits, {}};
    case RunEnd::idle:
      return Judgement{Verdict::hung, "it waits without a time limit: " + run.waits, {}};
    case RunEnd::still_waiting:
      return Judgement{
          Verdict::still_waiting, "still waiting, with a time limit: " + run.waits, {}};
    case RunEnd::still_running:
      return Judgement{Verdict::hung, "still running after five deadlines", {}};
    default:
      return std::nullopt;
  }
}

/// Judges a sanitizer's summary that the fault-free runs lack.
MaybeJudgement judge_sanitizer(const Baseline& baseline, const Observation& run) {
  const std::string_view text = run.errors.tail();
  const std::size_t start = text.find("SUMMARY: ");
  if (start == std::string_view::npos) {
    return std::nullopt;
  }
  std::string summary(text.substr(start, text.find('\n', start) - start));
  const bool by_sanitizer = summary.find("Sanitizer: ") != std::string::npos;
  if (!by_sanitizer || is_usual_summary(baseline, summary)) {
    return std::nullopt;
  }
  const bool leak = summary.find(" leaked in ") != std::string::npos;
  return Judgement{leak ? Verdict::leaked : Verdict::crashed, std::move(summary), {}};
}

/// Returns the signal that ended the program, or a child of it, as shells report it; 0: none.
int fatal_signal(int wait_status) {
  if (WIFSIGNALED(wait_status)) {
    return WTERMSIG(wait_status);
  }
  const int signal = WEXITSTATUS(wait_status) - 128;
  return heddle_inject_stands_for_mistake(signal) != 0 ? signal : 0;  // or a status of its own
}

Verdict verdict_on(int signal) {
  return signal == SIGABRT ? Verdict::aborted : Verdict::crashed;
}

bool has_usual_status(const Baseline& baseline, const Observation& run) {
  // Where statuses differ without any fault, a signal still counts unless one of those runs had it.
  return baseline.wait_status ? *baseline.wait_status == run.wait_status
                              : baseline.any_killed || !WIFSIGNALED(run.wait_status);
}

std::string change_of_status(const Baseline& baseline, const Observation& run) {
  std::string change = describe_wait_status(run.wait_status);
  if (baseline.wait_status) {
    change += " instead of " + describe_wait_status(*baseline.wait_status);
  }
  return change;
}

MaybeJudgement judge_signal(const Baseline& baseline, const Observation& run,
                            const JudgedFault& fault) {
  const int signal = fatal_signal(run.wait_status);
  if (has_usual_status(baseline, run) || signal == 0) {
    return std::nullopt;
  }
  std::string evidence = change_of_status(baseline, run);
  if (const auto error = judge_memory(baseline, run, fault)) {
    evidence += "; " + error->evidence;
  }
  return Judgement{verdict_on(signal), std::move(evidence), {}};
}

MaybeJudgement judge_status(const Baseline& baseline, const Observation& run) {
  if (has_usual_status(baseline, run)) {
    return std::nullopt;
  }
  const bool success = WEXITSTATUS(run.wait_status) == 0;
  std::string change = change_of_status(baseline, run);
  if (const auto files = judge_files(baseline, run)) {
    change += "; " + files->evidence;
  }
  return Judgement{success ? Verdict::wrong_output : Verdict::reported, std::move(change), {}};
}

Judgement judge_survivor(const Baseline& baseline, const Observation& run,
                         const JudgedFault& fault) {
  if (auto leak = judge_leak(baseline, run, fault)) {
    return *leak;
  }
  if (spoke(baseline, run).value_or(false)) {
    return {Verdict::reported, "same status and output, and something new on standard error", {}};
  }
  // judge_output has judged messages on an output that is otherwise as usual.
  if (std::string message = first_new_error_message(baseline, run.output); !message.empty()) {
    return {Verdict::reported, "same status, and a new error message on standard output",
            std::move(message)};
  }
  if (auto loss = judge_loss(baseline, run, fault)) {
    return *loss;
  }
  return {Verdict::survived, "status and output as without the fault", {}};
}

/// Asks one question after the other; the first that has an answer decides.
Judgement judge_fired(const Baseline& baseline, const Observation& run, const JudgedFault& fault) {
  if (auto sanitizer = judge_sanitizer(baseline, run)) {
    return *sanitizer;
  }
  if (run.end == RunEnd::ended) {
    if (auto signal = judge_signal(baseline, run, fault)) {
      return *signal;
    }
  }
  if (auto error = judge_memory(baseline, run, fault)) {
    return *error;
  }
  if (auto child = judge_children(baseline, run)) {
    return *child;
  }
  if (auto hang = judge_hang(run)) {
    return *hang;
  }
  const MaybeJudgement service = judge_service(baseline, run);
  // A server that stays without serving has not reported its failure, whatever its status when it
  // is told to stop.
  if (service && run.server_remained) {
    return *service;
  }
  if (auto leak = judge_heap(baseline, run, fault)) {
    return *leak;
  }
  if (auto status = judge_status(baseline, run)) {
    return *status;
  }
  if (service) {
    return *service;
  }
  if (auto output = judge_output(baseline, run, fault)) {
    return *output;
  }
  if (auto files = judge_files(baseline, run)) {
    return *files;
  }
  return judge_survivor(baseline, run, fault);
}

}  // namespace

MaybeJudgement judge_children(const Baseline& baseline, const Observation& run) {
  if (run.crashed_children.size() <= baseline.most_crashed_children) {
    return std::nullopt;
  }
  const CrashedChild& child = run.crashed_children.front();
  return Judgement{verdict_on(child.signal), child.name + ": " + describe_signal(child.signal), {}};
}

Judgement judge(const Baseline& baseline, const Observation& run, const JudgedFault& fault) {
  if (!run.refusal.empty()) {
    return {Verdict::not_judged, "the shim had to end a process: " + run.refusal, {}};
  }
  if (fault.fired == 0) {
    return {Verdict::not_reached, "the call was not made", {}};
  }
  Judgement judgement = judge_fired(baseline, run, fault);
  if (judgement.message.empty()) {
    judgement.message = first_new_line(baseline.errors, baseline.error_lines, run.errors.tail());
  }
  // LeakSanitizer looks at nothing then.
  if (baseline.checker == check_leaks && run.end == RunEnd::ended && WIFEXITED(run.wait_status) &&
      run.exit_state.observed == 0) {
    judgement.evidence += "; leaks not checked: this run ended by _exit";
  }
  return as_far_as_known(baseline, std::move(judgement));
}

bool needs_repetition(Verdict verdict) {
  switch (verdict) {
    case Verdict::not_reached:
    case Verdict::not_judged:
    case Verdict::survived:
    case Verdict::reported:
      return false;
    default:
      return true;
  }
}

}  // namespace heddle::inject
