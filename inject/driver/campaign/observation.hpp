// observation.hpp: everything that is seen of one run.
#pragma once

#include <heddle/inject_record.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "campaign/crashed_children.hpp"
#include "campaign/folder_content.hpp"
#include "campaign/output_capture.hpp"
#include "memory/memory_error.hpp"
#include "plan/plan_file.hpp"
#include "process/thread_stacks.hpp"

namespace heddle::inject {

enum class RunEnd {
  ended,          // by itself, or by the stop signal after its client
  blocked,        // killed: all threads waited for one another
  idle,           // killed at the deadline: no thread ran any more, and none had a time limit
  still_waiting,  // killed at the end of all deadlines: no thread ran, but some had a time limit
  still_running,  // killed: it was busy, several deadlines long
  cancelled       // killed, because the campaign was cancelled
};

/// What a client of a server did, with `--then`.
struct ClientOutcome {
  bool started = false;    // false: the server never became ready, or had ended
  bool ended = false;      // by itself
  bool timed_out = false;  // ended by the driver, after waiting in vain
  int wait_status = 0;
  OutputCapture output;
};

struct Observation {
  RunEnd end = RunEnd::ended;
  int wait_status = 0;  // after ended
  OutputCapture output;
  OutputCapture errors;
  ClientOutcome client;
  ClientOutcome second_client;   // the same command, run again while nothing fails
  bool server_remained = false;  // after its last client; also false if it was about to end
  std::vector<CrashedChild> crashed_children;  // first those that their parents waited for
  FolderContent files;                         // left in the copy of the working folder
  heddle_inject_exit_state exit_state{};
  MemoryLook memory;  // by CampaignOptions::check, and by a memcheck that the user has typed
  std::vector<RuleTotals> rules;                           // of each rule that was armed
  std::array<std::uint64_t, HEDDLE_INJECT_CALLS> calls{};  // of each row: see heddle_inject_totals
  std::string waits;                // what a run waited for when it was killed
  std::vector<ThreadStack> stacks;  // if they were asked for
  std::string refusal;              // why the shim ended a process of the run; or empty
  bool shim_started = false;
  std::optional<std::uint32_t> call_at_kill;  // if it was asked for
  double milliseconds = 0;
};

/// Returns text such as "signal 11 (SIGSEGV)".
std::string describe_signal(int signal);

/// Returns text such as "exit status 1" or "signal 11 (SIGSEGV)".
std::string describe_wait_status(int wait_status);

}  // namespace heddle::inject
