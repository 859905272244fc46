#include "stage/kernel_thread.hpp"

#include <time.h>

#include <atomic>
#include <cerrno>
#include <filesystem>
#include <string>
#include <system_error>

#include "stage/stage_case.hpp"
#include "stage/system_call.hpp"
#include "stage/task_state.hpp"

namespace heddle::conformance {
namespace {

// Set once a kernel thread was seen to outlive its body. The next one gets a shorter wait.
std::atomic<bool> kept = false;

// Returns whether all other threads sleep, so that none of them is about to wake another.
bool all_others_sleep() {
  const long own = system_call(SYS_gettid);
  std::error_code error;
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task", error)) {
    const int number = std::stoi(task.path().filename());
    const char state = number == own ? '\0' : TaskState(number).letter();
    if (state != 'S' && state != '\0') {
      return false;
    }
  }
  return !error;
}

bool is_gone(std::int32_t kernel_thread_id) {
  return system_call(SYS_tgkill, system_call(SYS_getpid), kernel_thread_id, 0) == -ESRCH;
}

bool is_declared_to_stay() {
  return (subject().flags & HEDDLE_KERNEL_THREADS_STAY) != 0;
}

void pause_for_a_millisecond() {
  const timespec pause{.tv_sec = 0, .tv_nsec = 1'000'000};
  // EINTR: a shorter pause will do. There is no other error.
  static_cast<void>(system_call(SYS_nanosleep, reinterpret_cast<long>(&pause)));
}

}  // namespace

bool is_asleep(std::int32_t kernel_thread_id) {
  return TaskState(kernel_thread_id).is_asleep();
}

void let_block(std::int32_t kernel_thread_id) {
  if (kernel_thread_id == system_call(SYS_gettid)) {
    return;  // the calling thread itself runs, so it would never be seen asleep
  }
  // On a busy machine each round may cost another process's whole time slice. This many rounds stay
  // far below the deadline of a case.
  constexpr int attempts = 500;
  for (int attempt = 0; attempt < attempts; ++attempt) {
    if (is_asleep(kernel_thread_id)) {
      return;
    }
    static_cast<void>(system_call(SYS_sched_yield));  // cannot fail on Linux
  }
}

// Counts looks rather than time: a thread that was about to end when the machine stopped is still
// about to end at the next look. The pauses let it run even on a busy machine.
bool let_end(std::int32_t kernel_thread_id) {
  constexpr int quick_looks = 100;
  for (int look = 0; look < quick_looks; ++look) {
    if (is_gone(kernel_thread_id)) {
      return true;
    }
    static_cast<void>(system_call(SYS_sched_yield));  // cannot fail on Linux
  }
  // A thread that sleeps for a lock is not idle: the lock's holder is awake. An idle thread is
  // found asleep again and again, while all others sleep, too.
  const bool stays = is_declared_to_stay() || kept.load(std::memory_order_relaxed);
  const int enough = stays ? 2 : 30;
  constexpr int most_looks = 2000;  // bounds the check for a thread that never sleeps
  int idle = 0;
  for (int look = 0; look < most_looks && idle < enough; ++look) {
    if (is_gone(kernel_thread_id)) {
      return true;
    }
    idle = is_asleep(kernel_thread_id) && all_others_sleep() ? idle + 1 : 0;
    pause_for_a_millisecond();
  }
  kept.store(true, std::memory_order_relaxed);
  return false;
}

void wait_until_gone(std::int32_t kernel_thread_id) {
  if (!let_end(kernel_thread_id)) {
    excuse_kept_threads();
  }
}

void excuse_kept_threads() {
  if (is_declared_to_stay() || kept.load(std::memory_order_relaxed)) {
    excuse("the runtime keeps the kernel's thread that ran a body: what ends with it is not seen");
  }
}

}  // namespace heddle::conformance
