// start_up.cpp: what the shim does when it is loaded. The shim is linked with -z initfirst, so
// glibc runs its constructor before all others, including those of libc and of sanitizers: threads
// that a library makes in its constructor are seen. If several libraries ask to be first, glibc
// heeds only one. So other constructors may have run before, and called the wrappers: until
// start-up the block is disarmed, and calls about memory, signal stacks and futexes that find no
// next definition enter the kernel themselves.
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
#include "leak_checker.hpp"
#include "module.hpp"
#include "next_definitions.hpp"
#include "program_name.hpp"
#include "raw/raw_layer.hpp"
#include "record.hpp"
#include "thread_start.hpp"
#include "unwinder.hpp"
#include "valgrind.hpp"

namespace heddle::inject {
namespace {

/// Serves runs, or has the process looked at when it ends, as the flags of a plan with a record
/// ask.
void begin_recorded_run(std::uint32_t flags, heddle_inject_record& record) {
  const bool here = under_valgrind || (flags & HEDDLE_INJECT_SERVE_IN_VALGRIND) == 0;
  if ((flags & HEDDLE_INJECT_SERVE) != 0 && here) {
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
  // The plan may be armed already, so it comes into effect last: the calls above are not counted.
  control_block.store(&plan, std::memory_order_release);
  // From here on even start-up's own calls would be trapped.
  if ((flags & HEDDLE_INJECT_RAW) != 0) {
    start_raw_layer();
  }
}

/// Returns a variable of the environment that the kernel has handed over. libc's getenv works only
/// after libc's own constructor, which comes later.
const char* value_of(const char* name, char** environment) {
  const std::size_t length = std::strlen(name);
  for (; *environment != nullptr; ++environment) {
    if (std::strncmp(*environment, name, length) == 0 && (*environment)[length] == '=') {
      return *environment + length + 1;
    }
  }
  return nullptr;
}

/// Initialises ThreadSanitizer, if it is there, since it cannot bear a call to malloc before. The
/// program would initialise it before all other constructors, but only after this one. A second
/// initialisation does no harm. A failed look-up allocates, but this one succeeds where
/// ThreadSanitizer is there.
void initialise_thread_sanitizer() {
  using Initialise = void (*)();
  if (const auto initialise = reinterpret_cast<Initialise>(dlsym(RTLD_DEFAULT, "__tsan_init"))) {
    initialise();
  }
}

__attribute__((constructor)) void start_up(int /*argument_count*/, char** /*arguments*/,
                                           char** environment) {
  // libc's own constructor sets it to the same. Until then an allocator that a look-up below wakes
  // would find no environment, and ignore MALLOC_CONF and the like.
  if (environ == nullptr) {
    environ = environment;
  }
  initialise_thread_sanitizer();
  under_valgrind = runs_under_valgrind();
  resolve_next_definitions();
  set_up_threads();
  set_up_interposed_threads();
  learn_program_name();
  set_up_modules();
  find_leak_checker();
  // Clears the errors of look-ups above: the program would take them for its own.
  static_cast<void>(dlerror());
  const char* const plan_file = value_of(HEDDLE_INJECT_ENVIRONMENT, environment);
  if (plan_file != nullptr && *plan_file != '\0') {
    follow_plan(plan_file);
  }
}

}  // namespace
}  // namespace heddle::inject
