#include "campaign/run_watch.h"

#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>

#include "process/leftovers.h"

namespace heddle::inject {
namespace {

/// Until it is destroyed: kills the process when it has not been by then.
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

/// What the stacks of a process that hangs may take. It is killed afterwards anyway.
constexpr std::chrono::seconds kTimeForStacks{30};

}  // namespace

RunWatch::RunWatch(const WatchedRun& run, Observation& seen)
    : run_(run),
      seen_(seen),
      progress_(Patience(std::chrono::milliseconds(run.deadline_ms))),
      last_look_(Clock::now()) {
  if (!run.options.ready.empty()) {
    output_watch_.emplace(run.options.ready);
    errors_watch_.emplace(run.options.ready);
  }
}

void RunWatch::await_something(std::array<short, kSources>& ready) const {
  const int client_end = client_ ? client_->end_descriptor() : -1;
  const int client_output = client_ ? client_->output_descriptor() : -1;
  std::array<pollfd, kSources> polled{{{run_.source.end_descriptor(), POLLIN, 0},
                                       run_.cancel,
                                       {run_.output, POLLIN, 0},
                                       {run_.errors, POLLIN, 0},
                                       {client_end, POLLIN, 0},
                                       {client_output, POLLIN, 0}}};
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(
      last_look_ + progress_.until_next_look() - Clock::now());
  // An interrupted wait leaves all of `revents` zero, which is the right answer.
  poll(polled.data(), polled.size(), static_cast<int>(std::max<int64_t>(left.count(), 0)));
  std::ranges::transform(polled, ready.begin(), [](const pollfd& entry) { return entry.revents; });
}

tl::expected<void, std::string> RunWatch::until_end() {
  for (std::array<short, kSources> ready{};;) {
    await_something(ready);
    if (ready[kOutput] != 0) {
      drain_into(seen_.output, run_.output);
    }
    if (ready[kErrors] != 0) {
      drain_into(seen_.errors, run_.errors);
    }
    if (ready[kCancel] != 0) {
      kill_run(RunEnd::kCancelled);
      return {};
    }
    if (ready[kEnd] != 0) {
      return {};
    }
    if (auto attended = attend_client(ready); !attended) {
      kill_run(RunEnd::kCancelled);
      return attended;
    }
    if (Clock::now() >= last_look_ + progress_.until_next_look() && hangs()) {
      return {};
    }
  }
}

tl::expected<void, std::string> RunWatch::attend_client(const std::array<short, kSources>& ready) {
  if (output_watch_ &&
      (output_watch_->found_in(seen_.output) || errors_watch_->found_in(seen_.errors))) {
    output_watch_.reset();
    seen_.client.started = true;
    if (run_.options.then.empty()) {
      stop_server();
      return {};
    }
    auto client = Client::start(run_.options.then, run_.surroundings);
    if (!client) {
      return tl::unexpected(client.error());
    }
    client_.emplace(std::move(*client));
  } else if (client_ && ready[kClientEnd] != 0) {
    client_->collect(seen_.client);
    client_.reset();
    stop_server();
  } else if (client_ && ready[kClientOutput] != 0) {
    client_->drain(seen_.client);
  }
  return {};
}

void RunWatch::stop_server() const {
  if (const pid_t run = run_.source.process(); run != 0) {
    kill(run, run_.options.stop_signal);
  }
}

/// All descendants of this process: what a run leaves behind when it dies falls to it. Except the
/// server, which is there for other runs too, and the client.
RunProcesses RunWatch::processes() const {
  RunProcesses processes;
  processes.outsiders.push_back(getpid());
  // Without a run its server is what hangs.
  const pid_t server = run_.source.process() != 0 ? run_.source.lasting_process() : 0;
  if (server != 0) {
    processes.outsiders.push_back(server);
  }
  if (client_) {
    processes.helpers = process_tree(client_->process());
  }
  processes.run = process_tree(getpid());
  std::erase_if(processes.run, [&](pid_t process) {
    return process == getpid() || process == server ||
           std::ranges::find(processes.helpers, process) != processes.helpers.end();
  });
  return processes;
}

bool RunWatch::hangs() {
  const Clock::time_point now = Clock::now();
  const auto passed = std::chrono::duration_cast<std::chrono::milliseconds>(now - last_look_);
  const Progress::Finding finding = progress_.add(look_at(processes()), passed);
  last_look_ = now;
  switch (finding) {
    case Progress::Finding::none:
      return false;
    case Progress::Finding::blocked:
      seen_.waits = describe_waits(progress_.last_look(), false);
      kill_run(RunEnd::kBlocked);
      return true;
    case Progress::Finding::idle:
      seen_.waits = describe_waits(progress_.last_look(), false);
      kill_run(RunEnd::kIdle);
      return true;
    case Progress::Finding::still_waiting:
      seen_.waits = describe_waits(progress_.last_look(), true);
      kill_run(RunEnd::kStillWaiting);
      return true;
    case Progress::Finding::still_running:
      kill_run(RunEnd::kStillRunning);
      return true;
  }
  return false;
}

void RunWatch::kill_run(RunEnd reason) {
  const pid_t run = run_.source.process();
  // Without a run its server is what hangs. (And 0 would be this process's own group.)
  const std::vector<pid_t> tree = process_tree(run != 0 ? run : run_.source.lasting_process());
  if (reason != RunEnd::kCancelled && run_.stacks_when_hung) {
    for (const pid_t process : tree) {
      const KillAfter limit(process, kTimeForStacks);
      // A process that cannot be looked into, or has just ended, leaves its stacks out.
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
