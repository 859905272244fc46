// start_up.cpp: what the shim does when it is loaded. It is linked with -z initfirst, so glibc runs
// its constructor before all others, those of libc and of sanitizers included: a library that makes
// threads in its own constructor is seen doing it. Of several libraries that ask to be first glibc
// heeds one, so constructors may still have run before and called the wrappers: until here the
// block is disarmed, and memory, signal stack and futex calls that find no next definition enter
// the kernel themselves.
#include <dlfcn.h>
#include <heddle/inject_control.h>
#include <unistd.h>

#include <atomic>
#include <cstring>

#include "control_block.hpp"
#include "ended_children.hpp"
#include "exit_state.hpp"
#include "fork_server.hpp"
#include "interposed_thread.hpp"
#include "module.hpp"
#include "next_definitions.hpp"
#include "program_name.hpp"
#include "raw/raw_layer.hpp"
#include "record.hpp"
#include "thread_start.hpp"
#include "unwinder.hpp"

namespace heddle::inject {
namespace {

/// Where the plan has a record, this process may be a server of runs, or one that is looked at when
/// it ends.
void begin_recorded_run(std::uint32_t flags, heddle_inject_record& record) {
  if ((flags & HEDDLE_INJECT_SERVE) != 0) {
    serve_runs(record);
  }
  enter_process();
  if ((flags & HEDDLE_INJECT_OBSERVE_EXIT) != 0) {
    observe_exit(record);
  }
  std::atomic_ref(record.unseen_calls).fetch_add(early_calls(), std::memory_order_relaxed);
}

void follow_plan(const char* file) {
  heddle_inject_control& plan = map_plan_file(file);
  const std::uint32_t flags = plan.flags;
  std::atomic_ref(plan.unseen[HEDDLE_INJECT_UNSEEN_EARLY].count)
      .fetch_add(early_calls(), std::memory_order_relaxed);
  if ((flags & HEDDLE_INJECT_LIBUNWIND) != 0) {
    set_up_unwinder();
  }
  if (plan_record() != nullptr) {
    begin_recorded_run(flags, *plan_record());
  }
  // The plan may be armed already, so it comes into effect last: no call that the above makes is
  // counted.
  control_block.store(&plan, std::memory_order_release);
  // This traps even what start-up itself would call.
  if ((flags & HEDDLE_INJECT_RAW) != 0) {
    start_raw_layer();
  }
}

/// The value of a variable in the environment that the kernel has handed over. libc's getenv knows
/// it only once libc's own constructor has run, which comes later.
const char* value_of(const char* name, char** environment) {
  const std::size_t length = std::strlen(name);
  for (; *environment != nullptr; ++environment) {
    if (std::strncmp(*environment, name, length) == 0 && (*environment)[length] == '=') {
      return *environment + length + 1;
    }
  }
  return nullptr;
}

/// ThreadSanitizer, which takes no call to malloc before, is initialised by the program before all
/// other constructors, and so after this one. It bears to be initialised twice. Look-ups that fail
/// allocate; where it is there, this one succeeds.
void initialise_thread_sanitizer() {
  using Initialise = void (*)();
  if (const auto initialise = reinterpret_cast<Initialise>(dlsym(RTLD_DEFAULT, "__tsan_init"))) {
    initialise();
  }
}

__attribute__((constructor)) void start_up(int /*argument_count*/, char** /*arguments*/,
                                           char** environment) {
  // libc sets it to the same in its own constructor. Until then an allocator that a look-up below
  // wakes would find no environment, and ignore MALLOC_CONF and its like.
  if (environ == nullptr) {
    environ = environment;
  }
  initialise_thread_sanitizer();
  resolve_next_definitions();
  set_up_threads();
  set_up_interposed_threads();
  learn_program_name();
  set_up_modules();
  // Forgets the look-ups above that found nothing: the program would take them for its own.
  static_cast<void>(dlerror());
  const char* const plan_file = value_of(HEDDLE_INJECT_ENVIRONMENT, environment);
  if (plan_file != nullptr && *plan_file != '\0') {
    follow_plan(plan_file);
  }
}

}  // namespace
}  // namespace heddle::inject
