// Whether a case that does not end still gets on: judged by what its threads do and wait for, not
// by a clock alone.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>
#include <vector>

#include "process/progress.hpp"

namespace heddle::conformance {

class CaseWatch {
 public:
  /// The template and this process have open what the case has inherited, and send it nothing.
  CaseWatch(pid_t child, pid_t parent, std::chrono::milliseconds deadline);

  /// How long to wait before the next look.
  std::chrono::milliseconds until_next_look() const { return progress_.until_next_look(); }

  /// Looks at the case. True when it hangs: its threads wait for one another, which is known at
  /// once; or its time is over, which counts only while it is not waiting for a processor.
  bool hangs();

  /// What each thread did at the last look, a line each: "thread 12 (worker) waits in futex,
  /// without a time limit".
  std::vector<std::string> threads() const;

 private:
  pid_t child_;
  pid_t parent_;
  inject::Progress progress_;
  std::chrono::steady_clock::time_point last_look_;
};

}  // namespace heddle::conformance
