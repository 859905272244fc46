#include "ended_children.hpp"

#include <sys/syscall.h>
#include <sys/wait.h>

#include <algorithm>
#include <atomic>
#include <cstring>

#include "program_name.hpp"
#include "raw_system_call.hpp"
#include "record.hpp"
#include "thread_state.hpp"

namespace heddle::inject {
void enter_process() {
  heddle_inject_record* const record = plan_record();
  if (record == nullptr) {
    return;
  }
  const auto process = static_cast<pid_t>(raw_system_call(SYS_getpid));
  heddle_inject_process& slot =
      record->processes[static_cast<unsigned>(process) % HEDDLE_INJECT_PROCESS_SLOTS];
  // Two processes may share a slot. A reader trusts the name if the id is the one it looks for, so
  // the id is withdrawn first and published last.
  const std::atomic_ref id(slot.process);
  const bool executed_another_program = id.load(std::memory_order_acquire) == process &&
                                        thread_state.processes_forked == 0 &&
                                        thread_state.path.length == 1;
  id.store(0, std::memory_order_relaxed);
  if (!executed_another_program) {
    // A path of one step is that of a program's first thread: whose child that is, is unknown.
    slot.thread_path[0] = '\0';
    if (thread_state.path.length > 1) {
      std::ranges::copy(thread_state.path.text, &slot.thread_path[0]);
    }
  }
  std::strncpy(&slot.exe[0], program_file_name(), sizeof slot.exe - 1);
  id.store(process, std::memory_order_release);
}

void note_wait_status(pid_t child, int wait_status) {
  heddle_inject_record* const record = plan_record();
  if (record == nullptr || !WIFSIGNALED(wait_status) ||
      heddle_inject_stands_for_mistake(WTERMSIG(wait_status)) == 0) {
    return;
  }
  for (heddle_inject_crash& crash : record->crashes) {
    // Relaxed: the id claims the place, and `signal` publishes it.
    std::int32_t seen = 0;
    if (std::atomic_ref(crash.process)
            .compare_exchange_strong(seen, child, std::memory_order_relaxed)) {
      std::atomic_ref(crash.signal).store(WTERMSIG(wait_status), std::memory_order_release);
      return;
    }
    if (seen == child && child > 0) {
      return;  // known: a parent may look at a child's end more than once (WNOWAIT)
    }
  }
  std::atomic_ref(record->lost_crashes).fetch_add(1, std::memory_order_relaxed);
}

}  // namespace heddle::inject
