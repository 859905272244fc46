// The memory that a template and its cases share with the worker: the evidence, and a file for what
// they print.
#pragma once

#include <string>

#include "runner/descriptor.hpp"
#include "stage/evidence.hpp"
#include "verdict/case_result.hpp"

namespace heddle::conformance {

class CaseMemory {
 public:
  /// Throws std::system_error if the system has no memory or descriptors left.
  CaseMemory();
  CaseMemory(const CaseMemory&) = delete;
  CaseMemory& operator=(const CaseMemory&) = delete;
  ~CaseMemory();

  int evidence_file() const { return evidence_file_.get(); }
  int output_file() const { return output_file_.get(); }
  const Evidence& evidence() const { return *evidence_; }

  /// Forgets what the last case has left. No case may be running.
  void reset();

  /// Returns what the case has left, except how its process ended.
  CaseResult collect() const;

  /// Returns the last printed line that has words.
  std::string last_line() const;

 private:
  std::string output() const;

  Descriptor evidence_file_;
  Descriptor output_file_;
  Evidence* evidence_ = nullptr;
};

}  // namespace heddle::conformance
