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
  std::string valgrind{};    // its path, if the options ask for memcheck
  std::string no_checker{};  // why memory is not checked although the options ask for it; or empty
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
  /// A program, and its arguments, that runs the target's program; empty: none.
  std::vector<std::string> launcher{};
};

/// Forks and executes the target: in a session and process group of its own, hence without a
/// terminal; without core dumps; otherwise in the state in which this tool was started. Returns its
/// id, or why it could not be started. For a process with one thread.
tl::expected<pid_t, std::string> start_process(const Target& target, const StartRequest& request);

/// Completes a target whose first two fields and options are set: puts the shim into it, and with
/// the shim the memory checker that the options ask for. On failure, returns what is missing.
tl::expected<void, std::string> equip(Target& target);

/// Starts a command of sh in the same way, without the shim.
tl::expected<pid_t, std::string> start_shell(const std::string& command,
                                             const StartRequest& request);

}  // namespace heddle::inject
