// process_source.hpp: the source of a fresh process for each run.
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

  /// The process that lives on between the runs; 0: none.
  virtual pid_t lasting_process() const = 0;

  /// Starts a run in `folder`, or in the current one if empty. A held run waits for release().
  /// Returns what failed.
  virtual tl::expected<void, std::string> start(const std::string& folder, bool held) = 0;
  virtual void release() = 0;

  /// Returns the id of the started run, which is its process group's too. Waits for it; 0: the
  /// process never came.
  virtual pid_t process() const = 0;

  /// Becomes readable when the run has ended. Valid until collect().
  virtual int end_descriptor() const = 0;

  /// Reaps the ended run and returns its wait status; on failure, what failed.
  virtual tl::expected<int, std::string> collect() = 0;
};

/// Starts a fork server: the target, stopped by the shim before it begins. Gives up at once when
/// `cancel` is signalled. On failure, returns why the target cannot serve. The plan file must ask
/// for a server. Plan file and descriptors must outlive the source.
tl::expected<std::unique_ptr<ProcessSource>, std::string> start_fork_server(
    const Target& target, const StartRequest& request, PlanFile& plan, pollfd cancel);

/// Executes the target anew for each run.
std::unique_ptr<ProcessSource> start_each_anew(const Target& target, const StartRequest& request,
                                               PlanFile& plan);

}  // namespace heddle::inject
