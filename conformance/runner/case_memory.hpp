// What a template and its cases share with the worker: the evidence, and a file for what they
// print.
#pragma once

#include <string>

#include "runner/descriptor.hpp"
#include "stage/evidence.hpp"
#include "verdict/case_result.hpp"

namespace heddle::conformance {

class CaseMemory {
 public:
  /// Throws std::system_error when the system has no memory or descriptors left.
  CaseMemory();
  CaseMemory(const CaseMemory&) = delete;
  CaseMemory& operator=(const CaseMemory&) = delete;
  ~CaseMemory();

  int evidence_file() const { return evidence_file_.get(); }
  int output_file() const { return output_file_.get(); }
  const Evidence& evidence() const { return *evidence_; }

  /// Forgets what the last case has left. None must be running.
  void reset();

  /// What the case has left, but for how its process ended.
  CaseResult collect() const;

  /// The last line with words that was printed.
  std::string last_line() const;

 private:
  std::string output() const;

  Descriptor evidence_file_;
  Descriptor output_file_;
  Evidence* evidence_ = nullptr;
};

}  // namespace heddle::conformance
