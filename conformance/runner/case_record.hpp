// The one way from a case that has been run to the record of its clause.
#pragma once

#include <optional>
#include <string>

#include "command_line/options.hpp"
#include "runner/loaded_subject.hpp"
#include "runner/subject_file.hpp"
#include "verdict/case_result.hpp"
#include "verdict/judge.hpp"
#include "verdict/record.hpp"

namespace heddle::conformance {

/// What a clause is judged with: the subject, and the suite's options.
struct Judgement {
  const Clause& clause;
  const Description& subject;
  const SubjectFile& file;
  const Options& options;

  /// Returns the clause's record before it is judged, with internal error as its verdict.
  Record blank() const;
  /// Returns a record with the reason if the subject is not asked this clause; otherwise nothing.
  std::optional<Record> not_asked() const;
  /// Returns what one case shows about the clause.
  Finding finding(const CaseResult& result) const;
  /// Fills in the failing case, and turns a declared failure into a deviation.
  void describe_failure(Record& record, const Program& program, const Finding& finding,
                        const CaseResult& result) const;
  /// Turns the failure of a PROFILE clause into a deviation if the subject declares it. Misused and
  /// lost memory is never declared.
  void waive_if_declared(Record& record) const;
  /// Returns the record of a clause of which this one case was run, once.
  Record of_case(const Program& program, const CaseResult& result) const;
  Record of_case(const Program& program, const CaseResult& result, const Finding& found) const;
};

}  // namespace heddle::conformance
