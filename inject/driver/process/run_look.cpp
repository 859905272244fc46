#include "process/run_look.hpp"

#include <fmt/format.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstring>

#include "process/proc_files.hpp"
#include "process/process_state.hpp"
#include "process/system_call_wait.hpp"
#include "process/wakers.hpp"

namespace heddle::inject {
namespace {

std::string folder_of(pid_t process, pid_t thread) {
  return fmt::format("/proc/{}/task/{}", process, thread);
}

/// Returns a text that changes whenever the thread runs. If the kernel has no scheduler statistics,
/// the context switches in `status` serve as well.
std::string run_time_of(const std::string& folder) {
  std::string text = text_of_file(folder + "/schedstat");
  if (text.empty()) {
    const std::string status = text_of_file(folder + "/status");
    text = field_of(status, "voluntary_ctxt_switches") + ' ' +
           field_of(status, "nonvoluntary_ctxt_switches");
  }
  return text;
}

/// Says whether a timer of the process may send it a signal, whatever its threads wait for. The
/// kernel does not show alarm and setitimer, but a program that goes on after SIGALRM has a handler
/// for it.
bool may_be_signalled_in_time(pid_t process) {
  const std::string caught =
      field_of(text_of_file(fmt::format("/proc/{}/status", process)), "SigCgt");
  const bool handles_alarm =
      !caught.empty() && (std::strtoull(caught.c_str(), nullptr, 16) >> (SIGALRM - 1) & 1) != 0;
  const std::string timers = text_of_file(fmt::format("/proc/{}/timers", process));
  return handles_alarm || timers.find("notify: signal") != std::string::npos ||
         timers.find("notify: thread") != std::string::npos;
}

std::int64_t milliseconds_left(const TimeLimit& limit) {
  timespec now{};
  if (limit.absolute) {
    clock_gettime(limit.clock, &now);
  }
  const std::int64_t passed = now.tv_sec * std::int64_t{1'000'000'000} + now.tv_nsec;
  return std::max<std::int64_t>(0, limit.nanoseconds - passed) / 1'000'000;
}

/// Looks at the threads of one process.
class ProcessLook {
 public:
  ProcessLook(pid_t process, const RunProcesses& processes, bool is_helper)
      : process_(process), processes_(processes), is_helper_(is_helper) {}

  void add_to(RunLook& look) {
    look.processor_ms += state_of(process_).value_or(ProcessState{}).processor_ms;
    for (const pid_t thread : threads_of(process_)) {
      add_thread(look, thread);
    }
  }

 private:
  void add_thread(RunLook& look, pid_t thread) {
    const std::string folder = folder_of(process_, thread);
    // Read before the state: if the thread runs in between, the next look sees that it has run.
    std::string run_time = run_time_of(folder);
    const auto state = state_of(process_, thread);
    if (!state || state->has_ended()) {
      return;
    }
    look.run_times[thread] = std::move(run_time);
    ThreadLook seen;
    seen.process = process_;
    seen.thread = thread;
    seen.name = name_of(process_, thread);
    if (state->state == 'R') {
      seen.outlook = Outlook::runs;
    } else if (state->state == 'S' || state->state == 'D') {
      judge_sleep(seen, folder, state->state == 'D');
    } else {
      seen.outlook = Outlook::outside;  // stopped: whoever stopped the thread may continue it
    }
    look.threads.push_back(std::move(seen));
  }

  void judge_sleep(ThreadLook& seen, const std::string& folder, bool uninterruptible) {
    const std::string line = text_of_file(folder + "/syscall");
    if (line.empty()) {
      judge_unreadable(seen, text_of_file(folder + "/wchan"));
    } else if (line.starts_with("running")) {
      seen.outlook = Outlook::runs;  // since the state was read
    } else if (const auto call = system_call_of(line)) {
      judge_wait(seen, wait_of(*call, reader()), uninterruptible);
    } else {
      seen.outlook = uninterruptible ? Outlook::in_kernel : Outlook::outside;  // a page is fetched
    }
    if (seen.outlook == Outlook::inside || seen.outlook == Outlook::outside) {
      if (signalled_in_time()) {
        seen.outlook = Outlook::timed;
      } else if (is_helper_) {
        seen.outlook = Outlook::outside;
      }
    }
  }

  /// Judges a thread whose system call the kernel does not show: the call may have a time limit.
  static void judge_unreadable(ThreadLook& seen, const std::string& place) {
    seen.call = place == "0" ? "" : place;
    seen.outlook = place == "do_wait" ? Outlook::inside : Outlook::timed;
  }

  void judge_wait(ThreadLook& seen, const Wait& wait, bool uninterruptible) const {
    seen.call = wait.call;
    if (wait.is_ending || (uninterruptible && wait.awaited != Awaited::child)) {
      seen.outlook = Outlook::in_kernel;
      return;
    }
    if (wait.limit) {
      seen.outlook = Outlook::timed;
      if (wait.limit->known) {
        seen.left_ms = milliseconds_left(*wait.limit);
        seen.left_when_called = !wait.limit->absolute;
        seen.by_time_alone = wait.awaited == Awaited::time;
      }
      return;
    }
    switch (wait.awaited) {
      case Awaited::child:
        seen.outlook = Outlook::inside;
        return;
      case Awaited::memory:
      case Awaited::descriptors:
        judge_wakers(seen, wakers_of(wait, process_, processes_));
        return;
      default:
        seen.outlook = Outlook::outside;
    }
  }

  static void judge_wakers(ThreadLook& seen, const Wakers& wakers) {
    if (wakers.timer_ms || wakers.socket_limit) {
      seen.outlook = Outlook::timed;
      seen.left_ms = wakers.timer_ms ? wakers.timer_ms : wakers.socket_limit_ms;
      seen.left_when_called = !wakers.timer_ms;
    } else {
      seen.outlook = wakers.in_run_alone ? Outlook::inside : Outlook::outside;
    }
  }

  ReadMemory reader() const {
    return [process = process_](std::uint64_t address, void* to, std::size_t size) {
      const iovec local{to, size};
      const iovec remote{reinterpret_cast<void*>(address), size};
      return process_vm_readv(process, &local, 1, &remote, 1, 0) == static_cast<ssize_t>(size);
    };
  }

  bool signalled_in_time() {
    if (!signalled_in_time_) {
      signalled_in_time_ = may_be_signalled_in_time(process_);
    }
    return *signalled_in_time_;
  }

  pid_t process_;
  const RunProcesses& processes_;
  bool is_helper_;
  std::optional<bool> signalled_in_time_;
};

}  // namespace

RunLook look_at(const RunProcesses& processes) {
  RunLook look;
  for (const pid_t process : processes.run) {
    ProcessLook(process, processes, false).add_to(look);
  }
  for (const pid_t process : processes.helpers) {
    ProcessLook(process, processes, true).add_to(look);
  }
  return look;
}

std::string limit_text(const ThreadLook& thread) {
  if (thread.outlook != Outlook::timed) {
    return ", without a time limit";
  }
  if (!thread.left_ms) {
    return ", perhaps with a time limit";
  }
  const double seconds = static_cast<double>(*thread.left_ms) / 1e3;
  return thread.left_when_called ? fmt::format(", for {:.1f} s at most", seconds)
                                 : fmt::format(", {:.1f} s left", seconds);
}

std::string describe_waits(const RunLook& look, bool with_limits) {
  constexpr std::size_t most = 4;
  std::string text;
  for (std::size_t index = 0; index < std::min(most, look.threads.size()); ++index) {
    const ThreadLook& thread = look.threads[index];
    text += index == 0 ? "" : "; ";
    text += index == 0 && thread.thread == thread.process ? "main" : thread.name;
    text += thread.call.empty() ? "" : " in " + thread.call;
    text += with_limits ? limit_text(thread) : "";
  }
  if (look.threads.size() > most) {
    text += fmt::format("; and {} more", look.threads.size() - most);
  }
  return text;
}

}  // namespace heddle::inject
