// From a case that has been run to the record of its clause: the one way there.
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

/// What a clause is judged with: the subject, and how the suite was asked.
struct Judgement {
  const Clause& clause;
  const Description& subject;
  const SubjectFile& file;
  const Options& options;

  /// The clause's record before it is judged, with the verdict of an internal error.
  Record blank() const;
  /// The record of a clause that the subject is not asked, with the reason; nothing when it is.
  std::optional<Record> not_asked() const;
  /// What one case says of the clause.
  Finding finding(const CaseResult& result) const;
  /// Fills in what a failing case was, and makes a declared failure a deviation.
  void describe_failure(Record& record, const Program& program, const Finding& finding,
                        const CaseResult& result) const;
  /// A failure of a PROFILE clause that the subject declares is a deviation.
  void waive_if_declared(Record& record) const;
  /// The record of one case, run once.
  Record of_case(const Program& program, const CaseResult& result) const;
};

}  // namespace heddle::conformance
