// Checks one clause on one subject: one case, or many generated ones with shrinking.
#pragma once

#include <memory>
#include <string>

#include "command_line/options.hpp"
#include "runner/template_client.hpp"
#include "verdict/record.hpp"

namespace heddle::conformance {

/// A worker's templates of one subject, started when first needed and again when they die.
class SubjectUnderTest {
 public:
  /// The subject has been loaded once already: `description` is what it said.
  SubjectUnderTest(SubjectFile file, Description description, const Options& options);

  const Description& description() const { return description_; }
  const SubjectFile& file() const { return file_; }
  /// Runs the case; again, once, if what came of it was not the subject's doing.
  CaseResult run(const Clause& clause, const Program& program, std::chrono::milliseconds deadline);

 private:
  CaseResult run_once(const Clause& clause, const Program& program,
                      std::chrono::milliseconds deadline);

  SubjectFile file_;
  Description description_;
  std::chrono::milliseconds load_deadline_;
  std::unique_ptr<TemplateClient> plain_;
  std::unique_ptr<TemplateClient> injected_;
  int lost_in_a_row_ = 0;
  std::string last_loss_;
};

/// How long a case may take before it counts as hung. Generous: only a hang is decided by it.
std::chrono::milliseconds case_deadline(const Options& options);

/// The clause's record. Generates, shrinks and judges in this process; runs cases in others.
Record check_clause(const Clause& clause, SubjectUnderTest& subject, const Options& options);

/// The record of one given case, as a replay wants it.
Record replay_case(const Clause& clause, const Program& program, SubjectUnderTest& subject,
                   const Options& options);

}  // namespace heddle::conformance
