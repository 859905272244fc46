// progress.hpp: whether a run that does not end still makes progress.
//
// This is judged from looks at the run's threads: what they do, and what they wait for. Time counts
// only while the run itself lets it pass. It does not count while the run waits for a processor,
// nor while the tool could not look, being stopped or on a busy machine.
#pragma once

#include <chrono>
#include <optional>

#include "process/run_look.hpp"

namespace heddle::inject {

/// How long a run may go without an end, from its deadline.
struct Patience {
  using Duration = std::chrono::milliseconds;

  explicit Patience(Duration deadline);

  Duration idle;   // no thread runs, and none has a time limit
  Duration waits;  // the sum of all times in which threads only waited
  Duration busy;   // processor time, for each thread that could use a processor
};

class Progress {
 public:
  using Duration = std::chrono::milliseconds;

  enum class Finding {
    none,           // the run may still make progress
    blocked,        // all threads wait for one another: nothing will happen any more
    idle,           // all threads wait, none with a time limit, and nobody has come to wake them
    still_waiting,  // all threads wait, at least one with a time limit, which will end one day
    still_running   // it has used its processor time, or sleeps in the kernel
  };

  explicit Progress(Patience patience) : patience_(patience) {}

  /// Takes in the next look, which was made `passed` after the one before.
  Finding add(RunLook look, Duration passed);

  /// How long to wait before the next look.
  Duration until_next_look() const { return interval_; }

  const RunLook& last_look() const { return *last_; }

 private:
  bool has(const RunLook& look, Outlook outlook) const;
  Finding after_slice(const RunLook& look, bool unchanged) const;

  Patience patience_;
  Duration interval_{100};
  Duration busy_{0};
  Duration waited_{0};
  Duration waited_before_{0};  // waited_ when a thread last ran
  Duration idle_{0};
  std::optional<RunLook> last_;
};

}  // namespace heddle::inject
