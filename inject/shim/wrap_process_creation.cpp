// wrap_process_creation.cpp: the calls that make a process. vfork cannot be wrapped: its child
// returns on the parent's stack, and the wrapper's frame would be gone when the parent returns.
#include <spawn.h>
#include <unistd.h>

#include "exported.hpp"
#include "next_definitions.hpp"
#include "thread_state.hpp"
#include "unseen.hpp"
#include "wrapped_call.hpp"

using heddle::inject::next_definitions;
using heddle::inject::no_system_call;
using heddle::inject::note_execution;
using heddle::inject::thread_state;
using heddle::inject::wrap;

HEDDLE_INJECT_EXPORTED pid_t fork() noexcept {
  const std::uint64_t forks = thread_state.processes_forked;
  // libc's makes a clone, and runs the program's handlers around it.
  const pid_t process = wrap<HEDDLE_INJECT_FORK, no_system_call>(next_definitions.fork);
  // An attempt counts whether or not it succeeds, so that a failure shifts no other path. The
  // handlers of fork have already counted an attempt that was made.
  if (process < 0 && thread_state.processes_forked == forks) {
    ++thread_state.processes_forked;
  }
  return process;
}

HEDDLE_INJECT_EXPORTED int posix_spawn(pid_t* process, const char* path,
                                       const posix_spawn_file_actions_t* actions,
                                       const posix_spawnattr_t* attributes, char* const arguments[],
                                       char* const environment[]) {
  note_execution(path, environment);
  return wrap<HEDDLE_INJECT_POSIX_SPAWN>(next_definitions.posix_spawn, process, path, actions,
                                         attributes, arguments, environment);
}

HEDDLE_INJECT_EXPORTED int posix_spawnp(pid_t* process, const char* file,
                                        const posix_spawn_file_actions_t* actions,
                                        const posix_spawnattr_t* attributes,
                                        char* const arguments[], char* const environment[]) {
  note_execution(file, environment);
  return wrap<HEDDLE_INJECT_POSIX_SPAWN>(next_definitions.posix_spawnp, process, file, actions,
                                         attributes, arguments, environment);
}
