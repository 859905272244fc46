// observation.hpp: all that is seen of one run.
#pragma once

#include <heddle/inject_record.h>

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "campaign/crashed_children.hpp"
#include "campaign/folder_content.hpp"
#include "campaign/output_capture.hpp"
#include "plan/plan_file.hpp"
#include "process/thread_stacks.hpp"

namespace heddle::inject {

enum class RunEnd {
  ended,          // by itself, or by the stop signal after its client
  blocked,        // killed: all threads waited for one another
  idle,           // killed: at the deadline no thread ran any more, and none had a time limit
  still_waiting,  // killed: the same at the end of all deadlines, but some had one
  still_running,  // killed: it was busy, several deadlines long
  cancelled       // killed, because the campaign was
};

/// What a client of a server did, with `--then`.
struct ClientOutcome {
  bool started = false;    // false: the server never said that it is ready, or had ended
  bool ended = false;      // by itself
  bool timed_out = false;  // ended by the driver: it had waited in vain
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
  bool server_remained = false;  // after its last client; false also when it was ending
  std::vector<CrashedChild> crashed_children;  // those that their parents waited for first
  FolderContent files;                         // left in the copy of the working folder
  heddle_inject_exit_state exit_state{};
  std::vector<RuleTotals> rules;                           // of each that was armed
  std::array<std::uint64_t, HEDDLE_INJECT_CALLS> calls{};  // made, and of use; of each row
  std::string waits;                // what for, of a run that waited when killed
  std::vector<ThreadStack> stacks;  // where they were asked for
  std::string refusal;              // why the shim ended a process of the run; empty: it did not
  bool shim_started = false;
  std::optional<std::uint32_t> call_at_kill;  // where it was asked for
  double milliseconds = 0;
};

/// "signal 11 (SIGSEGV)".
std::string describe_signal(int signal);

/// "exit status 1", "signal 11 (SIGSEGV)".
std::string describe_wait_status(int wait_status);

}  // namespace heddle::inject
