#include "campaign/run_watch.hpp"

#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>

#include "process/leftovers.hpp"
#include "process/process_state.hpp"

namespace heddle::inject {
namespace {

/// Kills the process after a time, unless this object is destroyed before.
class KillAfter {
 public:
  KillAfter(pid_t process, std::chrono::seconds time)
      : waiter_([process, time](const std::stop_token& over) {
          std::mutex mutex;
          std::unique_lock lock(mutex);
          std::condition_variable_any().wait_for(lock, over, time, [] { return false; });
          if (!over.stop_requested()) {
            kill(process, SIGKILL);
          }
        }) {}

 private:
  std::jthread waiter_;
};

/// How long the stacks of a hung process may take. The process is killed afterwards anyway.
constexpr std::chrono::seconds time_for_stacks{30};

}  // namespace

RunWatch::RunWatch(const WatchedRun& run, Observation& seen)
    : run_(run),
      seen_(seen),
      service_(run.options, run.surroundings, run.serves_twice, run.plan, seen),
      progress_(Patience(std::chrono::milliseconds(run.deadline_ms))),
      last_look_(Clock::now()) {}

void RunWatch::await_something(std::array<short, sources>& ready) const {
  std::array<pollfd, sources> polled{{{run_.source.end_descriptor(), POLLIN, 0},
                                      run_.cancel,
                                      {run_.output, POLLIN, 0},
                                      {run_.errors, POLLIN, 0},
                                      {service_.end_descriptor(), POLLIN, 0},
                                      {service_.output_descriptor(), POLLIN, 0}}};
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(
      last_look_ + progress_.until_next_look() - Clock::now());
  // An interrupted wait leaves all of `revents` zero: nothing has come.
  poll(polled.data(), polled.size(), static_cast<int>(std::max<std::int64_t>(left.count(), 0)));
  std::ranges::transform(polled, ready.begin(), [](const pollfd& entry) { return entry.revents; });
}

tl::expected<void, std::string> RunWatch::until_end() {
  for (std::array<short, sources> ready{};;) {
    await_something(ready);
    if (ready[output] != 0) {
      drain_into(seen_.output, run_.output);
    }
    if (ready[errors] != 0) {
      drain_into(seen_.errors, run_.errors);
    }
    if (ready[cancel] != 0) {
      kill_run(RunEnd::cancelled);
      return {};
    }
    if (ready[end] != 0) {
      service_.await_client(run_.deadline_ms);
      return {};
    }
    if (auto attended = attend_client(ready); !attended) {
      kill_run(RunEnd::cancelled);
      return attended;
    }
    const auto hung = Clock::now() >= last_look_ + progress_.until_next_look()
                          ? hangs()
                          : tl::expected<bool, std::string>(false);
    if (!hung) {
      kill_run(RunEnd::cancelled);
      return tl::unexpected(hung.error());
    }
    if (*hung) {
      return {};
    }
  }
}

tl::expected<void, std::string> RunWatch::attend_client(const std::array<short, sources>& ready) {
  if (ready[client_end] != 0) {
    // Asked before the server is told to stop.
    seen_.server_remained = !is_ending(run_.source.process());
    return follow(service_.go_on());
  }
  if (ready[client_output] != 0) {
    service_.drain();
  }
  return follow(service_.look_for_readiness());
}

tl::expected<void, std::string> RunWatch::follow(
    const tl::expected<Service::Progress, std::string>& progress) {
  if (!progress) {
    return tl::unexpected(progress.error());
  }
  if (*progress == Service::Progress::over) {
    stop_server();
  }
  if (*progress != Service::Progress::same) {
    begin_deadline();
  }
  return {};
}

void RunWatch::begin_deadline() {
  progress_ = Progress(Patience(std::chrono::milliseconds(run_.deadline_ms)));
  last_look_ = Clock::now();
}

void RunWatch::stop_server() const {
  if (const pid_t run = run_.source.process(); run != 0) {
    kill(run, run_.options.stop_signal);
  }
}

/// Returns all descendants of this process, which adopts what a dying run leaves behind; except the
/// fork server, which serves other runs too, and the client.
RunProcesses RunWatch::processes() const {
  RunProcesses processes;
  processes.outsiders.push_back(getpid());
  // Without a run, the fork server itself hangs.
  const pid_t server = run_.source.process() != 0 ? run_.source.lasting_process() : 0;
  if (server != 0) {
    processes.outsiders.push_back(server);
  }
  if (service_.process() != 0) {
    processes.helpers = process_tree(service_.process());
  }
  processes.run = process_tree(getpid());
  std::erase_if(processes.run, [&](pid_t process) {
    return process == getpid() || process == server ||
           std::ranges::find(processes.helpers, process) != processes.helpers.end();
  });
  return processes;
}

tl::expected<bool, std::string> RunWatch::hangs() {
  const Clock::time_point now = Clock::now();
  const auto passed = std::chrono::duration_cast<std::chrono::milliseconds>(now - last_look_);
  const Progress::Finding finding = progress_.add(look_at(processes()), passed);
  last_look_ = now;
  if (finding == Progress::Finding::none) {
    return false;
  }
  if (service_.process() == 0) {
    end_hung_run(finding);
    return true;
  }
  // The client waits in vain, and the server for the client.
  seen_.server_remained = !is_ending(run_.source.process());
  const auto followed = follow(service_.give_up());
  return followed ? tl::expected<bool, std::string>(false) : tl::unexpected(followed.error());
}

void RunWatch::end_hung_run(Progress::Finding finding) {
  switch (finding) {
    case Progress::Finding::none:
      return;
    case Progress::Finding::blocked:
      seen_.waits = describe_waits(progress_.last_look(), false);
      kill_run(RunEnd::blocked);
      return;
    case Progress::Finding::idle:
      seen_.waits = describe_waits(progress_.last_look(), false);
      kill_run(RunEnd::idle);
      return;
    case Progress::Finding::still_waiting:
      seen_.waits = describe_waits(progress_.last_look(), true);
      kill_run(RunEnd::still_waiting);
      return;
    case Progress::Finding::still_running:
      kill_run(RunEnd::still_running);
      return;
  }
}

void RunWatch::kill_run(RunEnd reason) {
  const pid_t run = run_.source.process();
  // Without a run, the fork server itself hangs. (0 would name this process's own group.)
  const std::vector<pid_t> tree = process_tree(run != 0 ? run : run_.source.lasting_process());
  if (reason != RunEnd::cancelled && run_.stacks_when_hung) {
    for (const pid_t process : tree) {
      const KillAfter limit(process, time_for_stacks);
      // A process that cannot be traced, or has just ended, has no stacks to show.
      if (auto stacks = take_stacks(process)) {
        std::ranges::move(*stacks, std::back_inserter(seen_.stacks));
      }
    }
  }
  seen_.end = reason;
  for (const pid_t process : tree) {
    kill(process, SIGKILL);
  }
}

}  // namespace heddle::inject
