// run_look.hpp: what all threads of a run do at one moment, and who could wake those that sleep.
//
// The kernel tells of one thread at a time. What two looks show of a thread that has not run
// between them holds for the whole time from the end of the first look to the beginning of the
// second.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace heddle::inject {

/// Whose threads are looked at.
struct RunProcesses {
  std::vector<pid_t> run;
  /// Started by the user to act on the run, as a server's client is.
  std::vector<pid_t> helpers;
  /// The tool's own. What one of them has open or mapped is not the run's alone.
  std::vector<pid_t> outsiders;
};

enum class Outlook {
  runs,       // runs, or waits for a processor
  in_kernel,  // sleeps where the kernel alone will wake it: a disk, its own end
  timed,      // sleeps, and has a time limit, or may have one
  inside,     // sleeps without a limit for what only a thread of the run could do
  outside     // sleeps without a limit for what somebody else may do
};

struct ThreadLook {
  pid_t process = 0;
  pid_t thread = 0;
  std::string name;
  Outlook outlook = Outlook::runs;
  std::string call;  // "futex"; empty: in none
  /// Until its limit; nothing when there is none, or it is not known.
  std::optional<std::int64_t> left_ms;
  bool left_when_called = false;  // so much was left when the call was made
  /// Besides its limit there is nothing that could wake it.
  bool by_time_alone = false;
};

struct RunLook {
  std::vector<ThreadLook> threads;
  /// Of each thread, how often and how long it ran, as the kernel prints both.
  std::map<pid_t, std::string> run_times;
  /// Of the processes that are there, and of their children that have been waited for.
  std::int64_t processor_ms = 0;
};

RunLook look_at(const RunProcesses& processes);

/// ", 3.2 s left", ", for 6.4 s at most", ", perhaps with a time limit" or ", without a
/// time limit".
std::string limit_text(const ThreadLook& thread);

/// "main in futex; worker in futex; and 12 more", with the limits where `with_limits`. The first
/// thread of the first process is called main.
std::string describe_waits(const RunLook& look, bool with_limits);

}  // namespace heddle::inject
