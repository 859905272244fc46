// The watch over a running case. It tells a hang by what the case's threads do and wait for, rather
// than by a clock alone.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>
#include <vector>

#include "process/progress.hpp"

namespace heddle::conformance {

class CaseWatch {
 public:
  /// `parent` is the template. The template and this process hold the descriptors that the case has
  /// inherited, but never write to them for the case.
  CaseWatch(pid_t child, pid_t parent, std::chrono::milliseconds deadline);

  /// Returns how long to wait before the next look.
  std::chrono::milliseconds until_next_look() const { return progress_.until_next_look(); }

  /// Looks at the case and returns whether it hangs: its threads wait for one another, which shows
  /// at once, or its time is over. Time in which the case waits for a processor does not count.
  bool hangs();

  /// Returns a line for each thread with what it did at the last look: "thread 12 (worker) waits in
  /// futex, without a time limit".
  std::vector<std::string> threads() const;

 private:
  pid_t child_;
  pid_t parent_;
  inject::Progress progress_;
  std::chrono::steady_clock::time_point last_look_;
};

}  // namespace heddle::conformance
