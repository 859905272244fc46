// runner.hpp: the runner, which runs the target again and again and observes each run.
#pragma once

#include <poll.h>

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <tl/expected.hpp>

#include "campaign/client.hpp"
#include "campaign/memory_reports.hpp"
#include "campaign/observation.hpp"
#include "campaign/process_source.hpp"
#include "campaign/run_failure.hpp"
#include "campaign/target.hpp"
#include "plan/plan_file.hpp"

namespace heddle::inject {

struct RunOrder {
  std::span<const heddle_inject_rule> rules;
  int deadline_ms = 0;
  bool recorded = false;         // fill the plan file's record
  bool stacks_at_crash = false;  // take them when a signal ends the run; slows it down
  bool stacks_when_hung = false;
  bool serves_twice = true;   // a server's client is run again without the fault
  bool call_at_kill = false;  // learn at which system call a signal ends the run; slows it down
  bool without_shim = false;  // run the program as it is; takes no rules
  std::uint32_t usual_threads = 0;  // at exit; see heddle_inject_exit_state
};

/// One process of the target at a time, in surroundings that are the same for each: standard input
/// from its beginning, output captured, a folder of its own where asked for, and nothing left over
/// from the run before. Needs a process with one thread that adopts orphans. Not thread-safe.
class Runner {
 public:
  /// Makes a runner whose runs end at once when `cancel` is signalled. The target and the
  /// descriptor must outlive the runner.
  static tl::expected<std::unique_ptr<Runner>, RunFailure> create(const Target& target,
                                                                  pollfd cancel);
  ~Runner();
  Runner(const Runner&) = delete;
  Runner& operator=(const Runner&) = delete;

  /// Runs the target once and returns what was seen; on failure, what failed in the tool itself.
  tl::expected<Observation, std::string> run(const RunOrder& order);

  /// Starts the fork server anew, if there is one: all runs of a server share its address space and
  /// the random bytes that the kernel gave it. Does nothing under memcheck, where these stay alike.
  /// Call between two runs.
  tl::expected<void, RunFailure> renew();

  /// The record of the last run that had one.
  const PlanFile& plan() const { return plan_; }

  bool has_fork_server() const { return source_->lasting_process() != 0; }
  /// Says why there is no fork server although one was wanted.
  const std::string& no_fork_server_reason() const { return no_fork_server_reason_; }
  /// The calls that other libraries' constructors made in each process before the shim was
  /// initialised.
  std::uint64_t calls_before_start_up() const;

 private:
  Runner(const Target& target, pollfd cancel, PlanFile plan);

  tl::expected<void, RunFailure> set_up();
  tl::expected<void, RunFailure> start_source();
  bool under_memcheck() const;
  ProcessSource& source_for(const RunOrder& order);
  tl::expected<void, std::string> prepare(const RunOrder& order);
  tl::expected<void, std::string> finish(Observation& seen, ProcessSource& source,
                                         const RunOrder& order);

  const Target& target_;
  Target plain_target_;  // without the shim
  pollfd cancel_;
  PlanFile plan_;
  int input_ = -1;
  std::array<int, 2> output_{-1, -1};
  std::array<int, 2> errors_{-1, -1};
  std::optional<MemoryReports> reports_;  // if they are asked for
  std::unique_ptr<ProcessSource> source_;
  std::unique_ptr<ProcessSource> plain_source_;  // made when first needed
  std::string no_fork_server_reason_;
  std::uint64_t calls_before_server_ = 0;
};

}  // namespace heddle::inject
