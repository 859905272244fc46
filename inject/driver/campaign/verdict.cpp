#include "campaign/verdict.h"

#include <fmt/core.h>
#include <signal.h>
#include <sys/wait.h>

#include <algorithm>
#include <optional>
#include <string_view>

#include "campaign/output_difference.h"
#include "plan/injectable_calls.h"

namespace heddle::inject {
namespace {

using MaybeJudgement = std::optional<Judgement>;

/// Calls that give something back: when they are made to fail, what is held longer is held because
/// of the injector.
bool gives_back(heddle_inject_call call) {
  switch (call) {
    case HEDDLE_INJECT_MUNMAP:
    case HEDDLE_INJECT_PTHREAD_JOIN:
    case HEDDLE_INJECT_PTHREAD_DETACH:
    case HEDDLE_INJECT_PTHREAD_ATTR_DESTROY:
      return true;
    default:
      return false;
  }
}

/// After such a fault, what is mapped at exit is libc's affair. It keeps the stack that it has
/// mapped for a thread which then could not be made. And its allocator, refused memory in one
/// place, takes it from another, where it does not count as the allocator's.
bool moves_memory_within_libc(const JudgedFault& fault) {
  switch (fault.call) {
    case HEDDLE_INJECT_CLONE:
    case HEDDLE_INJECT_CLONE3:
      return true;
    case HEDDLE_INJECT_MMAP:
    case HEDDLE_INJECT_MPROTECT:
    case HEDDLE_INJECT_MREMAP:
    case HEDDLE_INJECT_MADVISE:
      return fault.raw;
    default:
      return false;
  }
}

MaybeJudgement judge_hang(const Observation& run) {
  switch (run.end) {
    case RunEnd::kBlocked:
      return Judgement{Verdict::kHung, "all threads are blocked: " + run.waits, {}};
    case RunEnd::kIdle:
      return Judgement{Verdict::kHung, "it waits without a time limit: " + run.waits, {}};
    case RunEnd::kStillWaiting:
      return Judgement{
          Verdict::kStillWaiting, "still waiting, with a time limit: " + run.waits, {}};
    case RunEnd::kStillRunning:
      return Judgement{Verdict::kHung, "still running after five deadlines", {}};
    default:
      return std::nullopt;
  }
}

/// A sanitizer's summary that the fault-free runs have not.
MaybeJudgement judge_sanitizer(const Baseline& baseline, const Observation& run) {
  const std::string_view text = run.errors.tail();
  const std::size_t start = text.find("SUMMARY: ");
  if (start == std::string_view::npos) {
    return std::nullopt;
  }
  std::string summary(text.substr(start, text.find('\n', start) - start));
  const bool by_sanitizer = summary.find("Sanitizer: ") != std::string::npos;
  if (!by_sanitizer || first_new_line(baseline, summary).empty()) {
    return std::nullopt;
  }
  const bool leak = summary.find(" leaked in ") != std::string::npos;
  return Judgement{leak ? Verdict::kLeaked : Verdict::kCrashed, std::move(summary), {}};
}

/// The signal that ended the program, or the one that ended a child of it, as shells report it.
int fatal_signal(int wait_status) {
  if (WIFSIGNALED(wait_status)) {
    return WTERMSIG(wait_status);
  }
  const int signal = WEXITSTATUS(wait_status) - 128;
  switch (signal) {
    case SIGILL:
    case SIGABRT:
    case SIGBUS:
    case SIGFPE:
    case SIGSEGV:
    case SIGSYS:
      return signal;
    default:
      return 0;  // a status of the program's own
  }
}

MaybeJudgement judge_status(const Baseline& baseline, const Observation& run) {
  const bool known = baseline.wait_status.has_value();
  // Where statuses differ without any fault, a signal is still news.
  if (known ? *baseline.wait_status == run.wait_status : !WIFSIGNALED(run.wait_status)) {
    return std::nullopt;
  }
  std::string change = describe_wait_status(run.wait_status);
  if (known) {
    change += " instead of " + describe_wait_status(*baseline.wait_status);
  }
  if (const int signal = fatal_signal(run.wait_status); signal != 0) {
    return Judgement{signal == SIGABRT ? Verdict::kAborted : Verdict::kCrashed, change, {}};
  }
  const bool success = WEXITSTATUS(run.wait_status) == 0;
  return Judgement{success ? Verdict::kWrongOutput : Verdict::kReported, change, {}};
}

MaybeJudgement judge_client(const Baseline& baseline, const Observation& run) {
  if (baseline.client_status && !run.client.ended) {
    return Judgement{Verdict::kReported, "the server ended before its client", {}};
  }
  if (baseline.client_status && *baseline.client_status != run.client.wait_status) {
    return Judgement{
        Verdict::kReported,
        fmt::format("the client: {} instead of {}", describe_wait_status(run.client.wait_status),
                    describe_wait_status(*baseline.client_status)),
        {}};
  }
  return std::nullopt;
}

/// Did it say something that it does not say otherwise? Nothing when that cannot be told.
std::optional<bool> spoke(const Baseline& baseline, const Observation& run) {
  return baseline.errors ? std::optional(!baseline.errors->same_as(run.errors)) : std::nullopt;
}

MaybeJudgement judge_output(const Baseline& baseline, const Observation& run) {
  const bool same = !baseline.output || baseline.output->same_as(run.output);
  const bool client_same =
      !baseline.client_output || baseline.client_output->same_as(run.client.output);
  if (same && client_same) {
    return std::nullopt;
  }
  const std::string what = same ? "the client's output" : "standard output";
  if (spoke(baseline, run).value_or(true)) {
    return Judgement{Verdict::kReported, what + " differs, and standard error may say why", {}};
  }
  if (client_same && only_adds_lines(*baseline.output, run.output)) {
    if (std::string message = first_new_error_message(baseline, run.output); !message.empty()) {
      return Judgement{Verdict::kReported,
                       "same status, and standard output as usual but for an error message",
                       std::move(message)};
    }
  }
  const std::string difference =
      same ? describe_difference(*baseline.client_output, run.client.output)
           : describe_difference(*baseline.output, run.output);
  return Judgement{
      Verdict::kWrongOutput,
      fmt::format("{} {}, with the same status and nothing on standard error", what, difference),
      {}};
}

MaybeJudgement judge_leak(const Baseline& baseline, const Observation& run,
                          const JudgedFault& fault) {
  if (!baseline.exit_observed || run.exit_state.observed == 0 || gives_back(fault.call)) {
    return std::nullopt;
  }
  const auto leak = [&](uint64_t held, uint64_t excused, const Range& range,
                        std::string_view what) -> MaybeJudgement {
    // What differs by chance may differ by as much again in the next run.
    if (held <= range.most + (range.most - range.least) + excused) {
      return std::nullopt;
    }
    return Judgement{Verdict::kLeaked,
                     fmt::format("{} {} at exit, {} more than in any of {} fault-free runs", held,
                                 what, held - range.most, baseline.runs),
                     {}};
  };
  const heddle_inject_exit_state& state = run.exit_state;
  if (auto descriptors = leak(state.descriptors, 0, baseline.descriptors, "open descriptors")) {
    return descriptors;
  }
  if (auto threads = leak(state.threads, 0, baseline.threads, "threads")) {
    return threads;
  }
  if (moves_memory_within_libc(fault)) {
    return std::nullopt;
  }
  // Who leaves memory to the kernel when it ends holds what its way there happened to take, and a
  // fault may lead another way.
  const uint64_t by_the_way = baseline.mapped_bytes.most / 64;
  // Memory that is not shared this time has become private.
  const uint64_t unshared =
      baseline.shared_bytes.least - std::min(baseline.shared_bytes.least, state.shared_bytes);
  return leak(state.mapped_bytes, state.refused_bytes + by_the_way + unshared,
              baseline.mapped_bytes, "bytes of private memory mapped");
}

MaybeJudgement judge_loss(const Baseline& baseline, const Observation& run,
                          const JudgedFault& fault) {
  const InjectableCall& row = injectable_calls()[fault.call];
  if (row.loss == nullptr || !fault.refused || spoke(baseline, run).value_or(true)) {
    return std::nullopt;
  }
  const uint64_t succeeded = run.calls.at(fault.call);
  const uint64_t usual = baseline.calls.at(fault.call).least;
  if (succeeded >= usual) {
    return std::nullopt;
  }
  return Judgement{
      Verdict::kSilentlyDegraded,
      fmt::format("it went on without {}, and said nothing: {} of the usual {} calls succeeded",
                  row.loss, succeeded, usual),
      {}};
}

Judgement judge_survivor(const Baseline& baseline, const Observation& run,
                         const JudgedFault& fault) {
  if (auto leak = judge_leak(baseline, run, fault)) {
    return *leak;
  }
  if (spoke(baseline, run).value_or(false)) {
    return {Verdict::kReported, "same status and output, and something new on standard error", {}};
  }
  // Of an output that is otherwise the same, judge_output has said it.
  if (std::string message = first_new_error_message(baseline, run.output); !message.empty()) {
    return {Verdict::kReported, "same status, and a new error message on standard output",
            std::move(message)};
  }
  if (auto loss = judge_loss(baseline, run, fault)) {
    return *loss;
  }
  return {Verdict::kSurvived, "status and output as without the fault", {}};
}

}  // namespace

Judgement judge(const Baseline& baseline, const Observation& run, const JudgedFault& fault) {
  if (fault.fired == 0) {
    return {Verdict::kNotReached, "the call was not made", {}};
  }
  MaybeJudgement judgement = judge_hang(run);
  if (!judgement) {
    judgement = judge_sanitizer(baseline, run);
  }
  if (!judgement) {
    judgement = judge_status(baseline, run);
  }
  if (!judgement) {
    judgement = judge_client(baseline, run);
  }
  if (!judgement) {
    judgement = judge_output(baseline, run);
  }
  if (!judgement) {
    judgement = judge_survivor(baseline, run, fault);
  }
  if (judgement->message.empty()) {
    judgement->message = first_new_line(baseline, run.errors.tail());
  }
  return *judgement;
}

bool needs_repetition(Verdict verdict) {
  switch (verdict) {
    case Verdict::kNotReached:
    case Verdict::kSurvived:
    case Verdict::kReported:
      return false;
    default:
      return true;
  }
}

}  // namespace heddle::inject
