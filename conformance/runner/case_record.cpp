#include "runner/case_record.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "runner/applicability.hpp"
#include "runner/check_clause.hpp"
#include "runner/replay_token.hpp"
#include "verdict/judge_memory.hpp"

namespace heddle::conformance {

Record Judgement::blank() const {
  Record record;
  record.subject = subject.title();
  record.clause = clause.id;
  record.group = clause.group;
  record.level = name_of(clause.level);
  record.sentence = clause.sentence;
  record.source = clause.source;
  record.quotation = clause.quotation;
  record.seed = options.seed;
  record.fault = plan_expressions(clause.faults);
  return record;
}

std::optional<Record> Judgement::not_asked() const {
  const auto why = reason_not_to_ask(clause, subject);
  if (!why) {
    return std::nullopt;
  }
  Record record = blank();
  record.verdict = why->verdict;
  record.reason = why->reason;
  return record;
}

Finding Judgement::finding(const CaseResult& result) const {
  Finding found = judge(clause, result, subject.flags, case_deadline(options));
  return options.check == MemoryCheck::none ? found
                                            : judge_memory(clause, result, std::move(found));
}

void Judgement::describe_failure(Record& record, const Program& program, const Finding& finding,
                                 const CaseResult& result) const {
  record.cause = finding.cause;
  record.expected = finding.expected;
  record.happened = finding.happened;
  record.scenario = clause.scenario.describe(program);
  record.timeline = result.timeline;
  if (is_of_memory(finding.cause)) {
    record.memory = evidence_of(finding.cause, result);
  }
  record.standard_error = result.output;
  record.replay = fmt::format("{} --replay {}", file.command, replay_token(clause, program));
  if (options.check != MemoryCheck::none) {
    record.replay += fmt::format(" --check {}", name_of(options.check));
  }
}

void Judgement::waive_if_declared(Record& record) const {
  const auto declared = std::find_if(subject.deviations.begin(), subject.deviations.end(),
                                     [&](const auto& entry) { return entry.first == clause.id; });
  if (declared != subject.deviations.end() && clause.level == Level::profile &&
      !is_of_memory(record.cause)) {
    record.verdict = Verdict::deviates;
    record.reason = declared->second;
  }
}

Record Judgement::of_case(const Program& program, const CaseResult& result) const {
  return of_case(program, result, finding(result));
}

Record Judgement::of_case(const Program& program, const CaseResult& result,
                          const Finding& found) const {
  Record record = blank();
  record.cases = 1;
  record.verdict = found.verdict;
  record.reason = found.reason;
  if (found.verdict == Verdict::fails) {
    describe_failure(record, program, found, result);
    waive_if_declared(record);
  } else {
    record.scenario = clause.scenario.describe(program);
    record.timeline = result.timeline;
  }
  return record;
}

}  // namespace heddle::conformance
