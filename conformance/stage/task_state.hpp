// The state of a kernel thread, for code that may neither allocate nor go through libc: a signal
// handler, and checks during which libc's calls are made to fail.
#pragma once

#include <cstdint>

namespace heddle::conformance {

/// Looks at one thread of this process. Keeps its file in /proc open.
class TaskState {
 public:
  explicit TaskState(std::int32_t kernel_thread_id);
  ~TaskState();
  TaskState(const TaskState&) = delete;
  TaskState& operator=(const TaskState&) = delete;

  /// Returns the letter of proc(5), such as 'S' for a thread that sleeps; 0 when it is gone. Any
  /// thread may call it, even in a signal handler.
  char letter() const;

  /// Returns whether the thread sleeps or is gone. Only a glimpse: it may be woken at any moment.
  bool is_asleep() const {
    const char state = letter();
    return state == 'S' || state == '\0';
  }

 private:
  long descriptor_;  // negative when the thread was gone already
};

}  // namespace heddle::conformance
