#include "runner/smoke_check.hpp"

#include <fmt/format.h>

#include "catalogue/catalogue.hpp"
#include "runner/check_clause.hpp"
#include "verdict/record.hpp"

namespace heddle::conformance {
namespace {

// The part of a clause's deadline that a smoke check gets. The checks are few and small, and a run
// waits for them.
constexpr double part_of_deadline = 0.3;

std::string failure_line(const Record& record) {
  return fmt::format("{} fails: {} Expected: {}; happened: {}; replay: {}", record.clause,
                     record.sentence, record.expected, record.happened, record.replay);
}

void sort_in(const Record& record, SmokeResult& result) {
  switch (record.verdict) {
    case Verdict::holds:
      result.holds.push_back(record.clause);
      break;
    case Verdict::fails:
      result.failures.push_back(failure_line(record));
      break;
    case Verdict::internal_error:
      result.errors.push_back(fmt::format("{}: {}", record.clause, record.reason));
      break;
    case Verdict::flaky:
    case Verdict::not_judged:
      result.doubtful.push_back(fmt::format("{}: {}", record.clause, record.reason));
      break;
    default:
      result.not_checked.push_back(fmt::format("{}: {}", record.clause, record.reason));
  }
}

}  // namespace

SmokeResult check_smoke(const SubjectFile& subject, const Description& description,
                        const Options& options) {
  Options hasty = options;
  hasty.timeout_factor *= part_of_deadline;
  hasty.check = MemoryCheck::none;
  const MemoryLane no_lane;
  SubjectUnderTest under_test(subject, description, no_lane, hasty);
  SmokeResult result;
  std::string hung;
  for (const Clause& check : smoke_checks()) {
    if (!hung.empty()) {
      result.not_checked.push_back(fmt::format("{}: {} hung before it", check.id, hung));
      continue;
    }
    const Record record = check_clause(check, under_test, hasty);
    sort_in(record, result);
    if (record.cause == Cause::hang) {
      hung = check.id;
    }
  }
  return result;
}

std::vector<std::string> smoke_remarks(const SmokeResult& smoke, const SubjectFile& subject) {
  std::vector<std::string> lines;
  for (const std::string& failure : smoke.failures) {
    lines.push_back(
        fmt::format("the adapter or the runtime of {} is broken: {}", subject.given, failure));
  }
  for (const std::string& doubt : smoke.doubtful) {
    lines.push_back(fmt::format("note: {} is not judged by this: {}", subject.given, doubt));
  }
  return lines;
}

std::string smoke_summary(const SmokeResult& smoke, const SubjectFile& subject,
                          const Description& description) {
  std::string text =
      smoke.holds.empty()
          ? fmt::format("{}: nothing of {} could be checked\n", subject.given, description.title())
          : fmt::format("{}: the adapter of {} works: {} of {} smoke checks hold\n", subject.given,
                        description.title(), smoke.holds.size(), smoke_checks().size());
  for (const std::string& line : smoke.doubtful) {
    text += fmt::format("  not judged: {}\n", line);
  }
  for (const std::string& line : smoke.not_checked) {
    text += fmt::format("  not checked: {}\n", line);
  }
  return text;
}

ExitCode exit_code_of(const SmokeResult& smoke) {
  return !smoke.failures.empty() ? exit_subject
         : smoke.holds.empty()   ? exit_nothing
                                 : exit_conforming;
}

}  // namespace heddle::conformance
