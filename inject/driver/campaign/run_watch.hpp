// run_watch.hpp: watches one run until it has ended, or must be ended.
#pragma once

#include <poll.h>

#include <chrono>
#include <optional>

#include "campaign/observation.hpp"
#include "campaign/process_source.hpp"
#include "campaign/service.hpp"
#include "process/progress.hpp"

namespace heddle::inject {

/// What is watched; all descriptors stay the caller's.
struct WatchedRun {
  const ProcessSource& source;  // its run has been started
  int output;                   // non-blocking, as is the next
  int errors;
  pollfd cancel;  // ends it at once
  int deadline_ms;
  bool stacks_when_hung;
  const CampaignOptions& options;    // readiness, client and stop signal
  const StartRequest& surroundings;  // of the client
  bool serves_twice;                 // the client is run again without the fault
  PlanFile& plan;                    // in effect
};

/// Takes in output, runs the client, and kills a run that is cancelled or hung. Afterwards the
/// run's process has ended or is about to, and is not reaped.
class RunWatch {
 public:
  /// Both must outlive the watch.
  RunWatch(const WatchedRun& run, Observation& seen);

  /// Otherwise, what failed in the tool itself.
  tl::expected<void, std::string> until_end();

 private:
  using Clock = std::chrono::steady_clock;

  /// What can be waited for; a client's descriptors are -1, hence ignored, when there is none.
  enum Source { end, cancel, output, errors, client_end, client_output, sources };

  void await_something(std::array<short, sources>& ready) const;
  tl::expected<void, std::string> attend_client(const std::array<short, sources>& ready);
  tl::expected<void, std::string> follow(
      const tl::expected<Service::Progress, std::string>& progress);
  void stop_server() const;
  /// What was seen of the run so far is no matter any more: it has something new to do.
  void begin_deadline();
  RunProcesses processes() const;
  tl::expected<bool, std::string> hangs();
  void end_hung_run(Progress::Finding finding);
  void kill_run(RunEnd reason);

  const WatchedRun& run_;
  Observation& seen_;
  Service service_;
  Progress progress_;
  Clock::time_point last_look_;
};

}  // namespace heddle::inject
