// target.hpp: the program of a campaign, and how each of its runs is started.
#pragma once

#include <sys/types.h>

#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "campaign/campaign_log.hpp"

namespace heddle::inject {

struct Target {
  std::string program;                 // the file
  std::vector<std::string> arguments;  // with the name that the program is called by
  std::string preload;                 // the value of LD_PRELOAD; empty: without the shim
  CampaignOptions options;
  // Why the leak checker is not in `preload` although the options ask for it; or empty.
  std::string no_leak_checker{};
};

/// What a new process of the target gets. All descriptors stay the caller's.
struct StartRequest {
  int input = -1;
  int output = -1;
  int errors = -1;
  int inherited = -1;  // one more descriptor that the program gets, under the same number
  int await = -1;      // a held process reads a byte from here before it becomes the program
  std::string folder;  // working folder; empty: the caller's
  std::string plan_path{};
  std::string leak_options{};  // the value of LSAN_OPTIONS; empty: the caller's
};

/// Forks and executes the target: in a session and process group of its own, hence without a
/// terminal; without core dumps; otherwise in the state in which this tool was started. Returns its
/// id, or why it could not be started. For a process with one thread.
tl::expected<pid_t, std::string> start_process(const Target& target, const StartRequest& request);

/// Completes a target whose other fields are set: puts the shim into it, and behind the shim what
/// the options ask for. On failure, returns what is missing.
tl::expected<void, std::string> preload_into(Target& target);

/// Starts a command of sh in the same way, without the shim.
tl::expected<pid_t, std::string> start_shell(const std::string& command,
                                             const StartRequest& request);

}  // namespace heddle::inject
