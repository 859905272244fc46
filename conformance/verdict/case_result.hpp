// The result of a case: how it ended, and what it left behind.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "stage/evidence.hpp"
#include "verdict/record.hpp"

namespace heddle::conformance {

/// What is known about a case once it is over: everything on which a verdict rests.
struct CaseResult {
  bool lost = false;  ///< the template could not run it: `excuse` says why
  bool timed_out = false;
  int signal = 0;  ///< what it died of, or 0
  int status = 0;  ///< exit status otherwise
  bool began = false;
  bool finished = false;
  bool searched = false;  ///< for leaks, or there is nothing that could
  bool death_due = false;
  bool failed = false;
  std::string expected;
  std::string happened;
  bool excused = false;
  bool internal = false;
  std::string excuse;
  std::uint64_t fault_reached = 0;
  std::uint64_t fault_fired = 0;
  std::vector<std::string> timeline;
  std::vector<std::string> threads;        ///< of a case that timed out: what each was doing
  std::string output;                      ///< the end of what it printed
  std::vector<MemoryReport> memory;        ///< errors and leaks that are the subject's
  std::vector<MemoryReport> suite_memory;  ///< in code of the suite's own, whosever the doing
  std::string memory_doubt;                ///< why the memory cannot be judged, or empty
  std::chrono::milliseconds duration{0};
};

/// Returns what the case itself has said in its evidence. The caller adds how the process ended.
CaseResult result_of(const Evidence& evidence);

}  // namespace heddle::conformance
