#include "verdict/judge.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <heddle/subject.h>

#include <csignal>
#include <cstring>

#include "catalogue/instrumentation.hpp"
#include "program/signal_name.hpp"

namespace heddle::conformance {
namespace {

Finding fails(Cause cause, std::string expected, std::string happened) {
  return {.verdict = Verdict::fails,
          .cause = cause,
          .reason = {},
          .expected = std::move(expected),
          .happened = std::move(happened)};
}

Finding holds() {
  Finding finding;
  finding.verdict = Verdict::holds;
  return finding;
}

Finding cannot_judge(Verdict verdict, std::string reason) {
  Finding finding;
  finding.verdict = verdict;
  finding.reason = std::move(reason);
  return finding;
}

// Returns "SIGSEGV (Segmentation fault)", or "SIGRTMIN+1", which libc has no description for.
std::string describe_signal(int signal) {
  const std::string name = inject::signal_name(signal).value_or(fmt::format("signal {}", signal));
  const char* const description = ::sigdescr_np(signal);
  return description != nullptr ? fmt::format("{} ({})", name, description) : name;
}

Finding judge_hang(const CaseResult& result, std::chrono::milliseconds deadline) {
  if (!result.began) {
    return cannot_judge(Verdict::internal_error, "the case did not begin before its deadline");
  }
  const std::string last = result.timeline.empty() ? "" : ", last: " + result.timeline.back();
  return fails(Cause::hang, fmt::format("the case ends within {} ms", deadline.count()),
               fmt::format("it hung: {}{}", fmt::join(result.threads, "; "), last));
}

Finding judge_death(const Clause& clause, const CaseResult& result) {
  const Cause cause = result.signal == SIGABRT ? Cause::abort : Cause::crash;
  if (!result.began) {
    return cannot_judge(Verdict::internal_error,
                        "the case died before it began: " + describe_signal(result.signal));
  }
  if (!clause.death) {
    return fails(cause, "the process lives on", "it died of " + describe_signal(result.signal));
  }
  if (!result.death_due) {
    return fails(cause, "the process lives until the moment at which it must die",
                 fmt::format("it died of {} before", describe_signal(result.signal)));
  }
  if (result.signal != clause.death->signal) {
    return fails(cause, "the process dies of " + describe_signal(clause.death->signal),
                 "it died of " + describe_signal(result.signal));
  }
  if (result.output.find(clause.death->saying) == std::string::npos) {
    return fails(Cause::wrong, fmt::format("standard error says \"{}\"", clause.death->saying),
                 "it says something else, see below");
  }
  return holds();
}

Finding judge_exit(const Clause& clause, const CaseResult& result) {
  if (!result.began) {
    return cannot_judge(
        Verdict::internal_error,
        fmt::format("the case ended with status {} before it began", result.status));
  }
  if (!result.finished) {
    return fails(Cause::exit, "the process goes on until the check is over",
                 fmt::format("it ended with status {}", result.status));
  }
  if (clause.death) {
    return fails(Cause::wrong, "the process dies of " + describe_signal(clause.death->signal),
                 "it lived on");
  }
  if (clause.exit_status && result.status != *clause.exit_status) {
    return fails(Cause::exit,
                 fmt::format("main ends the process with status {}", *clause.exit_status),
                 fmt::format("it ended with status {}", result.status));
  }
  return holds();
}

// Judges a reported data race. ThreadSanitizer does not see locks and atomics in code that is built
// without it.
Finding judge_race(bool subject_is_followed) {
  if (!thread_sanitizer_build || !subject_is_followed) {
    return cannot_judge(
        Verdict::not_judged,
        fmt::format("ThreadSanitizer reports a data race, but cannot follow {}",
                    thread_sanitizer_build ? "the subject, which does not say that it is built "
                                             "with it (HEDDLE_BUILT_WITH_TSAN)"
                                           : "the suite, which is built without it"));
  }
  return fails(Cause::wrong, "no data race", "ThreadSanitizer reports a data race, see below");
}

}  // namespace

Finding judge(const Clause& clause, const CaseResult& result, std::uint64_t subject_flags,
              std::chrono::milliseconds deadline) {
  if (result.lost) {
    return cannot_judge(Verdict::internal_error, result.excuse);
  }
  if (result.excused) {
    return cannot_judge(result.internal ? Verdict::internal_error : Verdict::not_judged,
                        result.excuse);
  }
  // What happens without the fault speaks neither for nor against the clause. A process that has
  // died or hangs while the fault was armed has not reported whether it fired.
  if (!clause.faults.empty() && result.fault_fired == 0 && result.signal == 0 &&
      !result.timed_out) {
    return cannot_judge(
        Verdict::not_judged,
        fmt::format("the fault never fired: the subject made {} such calls while it was armed",
                    result.fault_reached));
  }
  if (result.failed) {
    return fails(Cause::wrong, result.expected, result.happened);
  }
  // Only the end of a long report is kept; the report's last line has these words, too.
  if (result.output.find("ThreadSanitizer: data race") != std::string::npos) {
    return judge_race((subject_flags & HEDDLE_BUILT_WITH_TSAN) != 0);
  }
  if (result.timed_out) {
    return judge_hang(result, deadline);
  }
  return result.signal != 0 ? judge_death(clause, result) : judge_exit(clause, result);
}

}  // namespace heddle::conformance
