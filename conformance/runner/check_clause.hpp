// The check of one clause on one subject: one case, or many generated cases with shrinking.
#pragma once

#include <memory>
#include <string>

#include "command_line/options.hpp"
#include "runner/template_client.hpp"
#include "verdict/record.hpp"

namespace heddle::conformance {

/// A worker's templates of one subject. Each is started when it is first needed, and again if it
/// dies.
class SubjectUnderTest {
 public:
  /// `description` is what the subject said when it was loaded before. The lane must live longer.
  SubjectUnderTest(SubjectFile file, Description description, const MemoryLane& lane,
                   const Options& options);

  const Description& description() const { return description_; }
  const SubjectFile& file() const { return file_; }
  /// Runs the case. Runs it once more if it ended through no doing of the subject.
  CaseResult run(const Clause& clause, const Program& program, std::chrono::milliseconds deadline);
  /// Returns the same subject without a tool that watches its memory.
  SubjectUnderTest& unwatched();

 private:
  CaseResult run_once(const Clause& clause, const Program& program,
                      std::chrono::milliseconds deadline);

  SubjectFile file_;
  Description description_;
  const MemoryLane& lane_;
  Options options_;
  std::unique_ptr<TemplateClient> plain_;
  std::unique_ptr<TemplateClient> injected_;
  std::unique_ptr<SubjectUnderTest> unwatched_;
  int lost_in_a_row_ = 0;
  std::string last_loss_;
};

/// Returns how long a case may take before it counts as hung. Generous, since it decides only that
/// a case hangs.
std::chrono::milliseconds case_deadline(const Options& options);

/// Checks the clause and returns its record. Generates, shrinks and judges in this process; cases
/// run in processes of their own.
Record check_clause(const Clause& clause, SubjectUnderTest& subject, const Options& options);

/// Runs one given case, for a replay, and returns its record.
Record replay_case(const Clause& clause, const Program& program, SubjectUnderTest& subject,
                   const Options& options);

}  // namespace heddle::conformance
