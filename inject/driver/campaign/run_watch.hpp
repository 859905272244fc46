// run_watch.hpp: the watch over one run until it has ended, or must be ended.
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
  int output;                   // non-blocking, like `errors`
  int errors;
  pollfd cancel;  // ends the run at once
  int deadline_ms;
  bool stacks_when_hung;
  const CampaignOptions& options;    // readiness, client and stop signal
  const StartRequest& surroundings;  // what the client gets
  bool serves_twice;                 // the client is run again without the fault
  PlanFile& plan;                    // the one in effect
};

/// Takes in output, runs the client, and kills a run that is cancelled or hung. Afterwards the
/// run's process has ended or is about to end, and is yet to be reaped.
class RunWatch {
 public:
  /// Both must outlive the watch.
  RunWatch(const WatchedRun& run, Observation& seen);

  /// Watches to the end. Returns what failed in the tool itself.
  tl::expected<void, std::string> until_end();

 private:
  using Clock = std::chrono::steady_clock;

  /// What can be waited for. Without a client its descriptors are -1, which poll ignores.
  enum Source { end, cancel, output, errors, client_end, client_output, sources };

  void await_something(std::array<short, sources>& ready) const;
  tl::expected<void, std::string> attend_client(const std::array<short, sources>& ready);
  tl::expected<void, std::string> follow(
      const tl::expected<Service::Progress, std::string>& progress);
  void stop_server() const;
  /// Starts the deadline anew, since the run has something new to do.
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
