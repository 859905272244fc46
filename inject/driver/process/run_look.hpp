// run_look.hpp: what all threads of a run do at one moment, and who could wake the sleeping ones.
//
// The kernel shows one thread at a time. If a thread has not run between two looks, what both show
// of it was true all the time from the end of the first look to the beginning of the second.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace heddle::inject {

/// The processes whose threads are looked at, and those that bear on their waits.
struct RunProcesses {
  std::vector<pid_t> run;
  /// Started by the user to act on the run, as a server's client is.
  std::vector<pid_t> helpers;
  /// The tool's own processes. What one of them has open or mapped is not the run's alone.
  std::vector<pid_t> outsiders;
};

enum class Outlook {
  runs,       // runs, or waits for a processor
  in_kernel,  // sleeps until the kernel wakes it: for a disk, or at its own end
  timed,      // sleeps with a time limit, or may have one
  inside,     // sleeps without a limit until a thread of the run does something
  outside     // sleeps without a limit, and somebody outside the run may wake it
};

struct ThreadLook {
  pid_t process = 0;
  pid_t thread = 0;
  std::string name;
  Outlook outlook = Outlook::runs;
  std::string call;  // "futex"; empty: in no system call
  /// The time until its limit; nothing when there is no limit, or an unknown one.
  std::optional<std::int64_t> left_ms;
  bool left_when_called = false;  // left_ms counts from when the call was made
  /// Nothing but its time limit could wake it.
  bool by_time_alone = false;
};

struct RunLook {
  std::vector<ThreadLook> threads;
  /// How often and how long each thread has run, as the kernel prints it.
  std::map<pid_t, std::string> run_times;
  /// The processor time of the processes that are there, and of children that they have waited for.
  std::int64_t processor_ms = 0;
};

RunLook look_at(const RunProcesses& processes);

/// Returns ", 3.2 s left", ", for 6.4 s at most", ", perhaps with a time limit" or ", without a
/// time limit".
std::string limit_text(const ThreadLook& thread);

/// Returns "main in futex; worker in futex; and 12 more", with time limits if `with_limits`. The
/// first thread of the first process is called main.
std::string describe_waits(const RunLook& look, bool with_limits);

}  // namespace heddle::inject
