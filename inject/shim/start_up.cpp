// start_up.cpp: what the shim does when it is loaded. Constructors of other libraries may have run
// before, and may have called the wrappers: until here the block is disarmed, and memory, signal
// stack and futex calls that find no next definition enter the kernel themselves.
#include <heddle/inject_control.h>

#include <atomic>
#include <cstdlib>

#include "control_block.h"
#include "exit_state.h"
#include "fork_server.h"
#include "module.h"
#include "next_definitions.h"
#include "program_name.h"
#include "raw/raw_layer.h"
#include "record.h"
#include "thread_start.h"

namespace heddle::inject {
namespace {

/// Where the plan has a record, this process may be a server of runs, or one that is looked at when
/// it ends. Either is asked for by flags that are read here alone.
void begin_recorded_run(heddle_inject_record& record) {
  const uint32_t flags = control_block.load(std::memory_order_acquire)->flags;
  if ((flags & HEDDLE_INJECT_SERVE) != 0) {
    serve_runs(record);
  }
  if ((flags & HEDDLE_INJECT_OBSERVE_EXIT) != 0) {
    observe_exit(record);
  }
}

__attribute__((constructor)) void start_up() {
  resolve_next_definitions();
  set_up_threads();
  set_up_modules();
  learn_program_name();
  // Armed last, so that no call which the above makes is counted.
  const char* const plan_file = std::getenv(HEDDLE_INJECT_ENVIRONMENT);
  if (plan_file == nullptr || *plan_file == '\0') {
    return;
  }
  map_plan_file(plan_file);
  if (plan_record() != nullptr) {
    std::atomic_ref(plan_record()->unseen_calls)
        .fetch_add(early_calls(), std::memory_order_relaxed);
    begin_recorded_run(*plan_record());
  }
  // Last, since it traps whatever start-up itself would call.
  if ((control_block.load(std::memory_order_relaxed)->flags & HEDDLE_INJECT_RAW) != 0) {
    start_raw_layer();
  }
}

}  // namespace
}  // namespace heddle::inject
