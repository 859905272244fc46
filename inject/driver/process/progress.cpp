#include "process/progress.hpp"

#include <algorithm>
#include <cstdint>
#include <thread>
#include <utility>

namespace heddle::inject {
namespace {

using namespace std::chrono_literals;
using Duration = std::chrono::milliseconds;

/// How many deadlines all waits may take together: a program may try again with growing pauses, for
/// reasons that a deadline cannot know.
constexpr int deadlines_of_waiting = 30;
constexpr Duration most_waiting = 60s;
constexpr int deadlines_when_busy = 5;

/// The time between the two looks that show a deadlock. They prove it however close they are.
constexpr Duration interval_when_blocked = 50ms;
constexpr Duration longest_interval = 500ms;

bool all_inside(const RunLook& look) {
  return !look.threads.empty() && std::ranges::all_of(look.threads, [](const ThreadLook& thread) {
    return thread.outlook == Outlook::inside;
  });
}

/// Says whether nothing can happen within that time: each thread waits for other threads of the
/// run, or for its time limit alone. A limit that began with its call counts from the last time
/// that a thread has run.
bool sleeps_longer_than(const RunLook& look, Duration from_now, Duration since_last_run) {
  return !look.threads.empty() && std::ranges::all_of(look.threads, [&](const ThreadLook& thread) {
    const Duration time = thread.left_when_called ? since_last_run : from_now;
    return thread.outlook == Outlook::inside ||
           (thread.by_time_alone && thread.left_ms > time.count());
  });
}

int processors_used_by(const RunLook& look) {
  const auto threads = static_cast<int>(look.threads.size());
  return std::clamp(threads, 1, std::max(1, static_cast<int>(std::thread::hardware_concurrency())));
}

}  // namespace

Patience::Patience(Duration deadline)
    : idle(deadline),
      waits(std::max(deadline, std::min(deadlines_of_waiting * deadline, most_waiting))),
      busy(deadlines_when_busy * deadline) {}

bool Progress::has(const RunLook& look, Outlook outlook) const {
  return std::ranges::any_of(look.threads,
                             [&](const ThreadLook& thread) { return thread.outlook == outlook; });
}

Progress::Finding Progress::add(RunLook look, Duration passed) {
  const bool unchanged = last_ && look.run_times == last_->run_times;
  if (last_) {
    busy_ += Duration(std::max<std::int64_t>(0, look.processor_ms - last_->processor_ms));
    // A late look means that this tool has lost time, and the run may have lost it as well.
    const Duration slice = std::min(passed, 2 * interval_);
    const bool waited = !has(*last_, Outlook::runs);
    const bool idle =
        waited && unchanged && !has(*last_, Outlook::timed) && !has(*last_, Outlook::in_kernel);
    waited_ += waited ? slice : 0ms;
    idle_ = idle ? idle_ + slice : 0ms;
    waited_before_ = unchanged ? waited_before_ : waited_;
  }
  const Finding finding = after_slice(look, unchanged);
  interval_ = all_inside(look) ? interval_when_blocked
                               : std::clamp(interval_ * 3 / 2, 100ms, longest_interval);
  last_ = std::move(look);
  return finding;
}

Progress::Finding Progress::after_slice(const RunLook& look, bool unchanged) const {
  if (busy_ >= patience_.busy * processors_used_by(look)) {
    return Finding::still_running;
  }
  if (has(look, Outlook::runs)) {
    return Finding::none;
  }
  if (unchanged && all_inside(*last_) && all_inside(look)) {
    return Finding::blocked;
  }
  if (idle_ >= patience_.idle) {
    return Finding::idle;
  }
  const bool over =
      waited_ >= patience_.waits ||
      (unchanged && has(look, Outlook::timed) &&
       sleeps_longer_than(look, patience_.waits - waited_, patience_.waits - waited_before_));
  if (!over) {
    return Finding::none;
  }
  if (has(look, Outlook::in_kernel)) {
    return Finding::still_running;
  }
  return has(look, Outlook::timed) ? Finding::still_waiting : Finding::idle;
}

}  // namespace heddle::inject
