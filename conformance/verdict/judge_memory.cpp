#include "verdict/judge_memory.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

namespace heddle::conformance {
namespace {

bool is_leak(const MemoryReport& report) {
  return report.kind.starts_with("Leak_");
}

std::string first_of(const std::vector<MemoryReport>& reports) {
  return reports.size() == 1
             ? reports.front().what
             : fmt::format("{} (and {} more, see below)", reports.front().what, reports.size() - 1);
}

Finding fails(Cause cause, std::string expected, const std::vector<MemoryReport>& reports) {
  Finding finding;
  finding.verdict = Verdict::fails;
  finding.cause = cause;
  finding.expected = std::move(expected);
  finding.happened = first_of(reports);
  return finding;
}

Finding not_judged(std::string reason) {
  Finding finding;
  finding.verdict = Verdict::not_judged;
  finding.reason = std::move(reason);
  return finding;
}

}  // namespace

bool is_of_memory(Cause cause) {
  return cause == Cause::memory_error || cause == Cause::leak;
}

std::vector<MemoryReport> evidence_of(Cause cause, const CaseResult& result) {
  std::vector<MemoryReport> reports;
  std::ranges::copy_if(result.memory, std::back_inserter(reports), [&](const MemoryReport& report) {
    return is_leak(report) == (cause == Cause::leak);
  });
  return reports;
}

Finding judge_memory(const Clause& clause, const CaseResult& result, Finding finding) {
  if (const auto errors = evidence_of(Cause::memory_error, result);
      !result.lost && !errors.empty()) {
    return fails(Cause::memory_error, "the subject touches only memory that it may touch", errors);
  }
  if (finding.verdict != Verdict::holds) {
    return finding;
  }
  if (!result.memory_doubt.empty()) {
    return not_judged(result.memory_doubt);
  }
  const auto touch = std::ranges::find_if_not(result.suite_memory, is_leak);
  if (touch != result.suite_memory.end() && clause.wild_accesses.empty()) {
    return not_judged("the error is in the suite's own code, and may be the subject's doing: " +
                      touch->what);
  }
  if (!result.searched && !clause.death) {
    return not_judged("the search for leaks did not come to its end");
  }
  if (const auto leaks = evidence_of(Cause::leak, result); !leaks.empty() && clause.leaks.empty()) {
    return fails(Cause::leak, "the subject gives back all memory that it took", leaks);
  }
  return finding;
}

}  // namespace heddle::conformance
