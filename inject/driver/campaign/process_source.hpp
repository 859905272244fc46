// process_source.hpp: where the fresh process of each run comes from.
#pragma once

#include <poll.h>
#include <sys/types.h>

#include <memory>
#include <string>
#include <tl/expected.hpp>

#include "campaign/target.hpp"
#include "plan/plan_file.hpp"

namespace heddle::inject {

/// One run at a time: start, wait for the descriptor, collect. Not thread-safe.
class ProcessSource {
 public:
  virtual ~ProcessSource() = default;

  /// A process that is there between the runs; 0: none.
  virtual pid_t lasting_process() const = 0;

  /// Starts a run in the folder (empty: as it is). If it is held, it does nothing until release.
  /// Otherwise, what failed.
  virtual tl::expected<void, std::string> start(const std::string& folder, bool held) = 0;
  virtual void release() = 0;

  /// The id of the run that has been started, and of its process group; waits until it is there. 0:
  /// it does not come.
  virtual pid_t process() const = 0;

  /// Can be read from when the run has ended. Valid until collect.
  virtual int end_descriptor() const = 0;

  /// The wait status of the run that has ended, which is then reaped; otherwise, what failed.
  virtual tl::expected<int, std::string> collect() = 0;
};

/// Starts a fork server: the target, stopped by the shim before it begins. Gives up at once when
/// what `cancel` asks for happens to its descriptor. Returns why the target cannot serve otherwise.
/// The plan file must ask for a server; it and the descriptors must outlive the source.
tl::expected<std::unique_ptr<ProcessSource>, std::string> start_fork_server(
    const Target& target, const StartRequest& request, PlanFile& plan, pollfd cancel);

/// Executes the target anew for each run.
std::unique_ptr<ProcessSource> start_each_anew(const Target& target, const StartRequest& request,
                                               PlanFile& plan);

}  // namespace heddle::inject
