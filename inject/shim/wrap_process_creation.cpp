// wrap_process_creation.cpp: the calls that make a process.
#include <spawn.h>
#include <unistd.h>

#include "exported.hpp"
#include "next_definitions.hpp"
#include "thread_state.hpp"
#include "unseen.hpp"
#include "wrapped_call.hpp"

using namespace heddle::inject;

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

/// What becomes of a call of vfork. In two registers, in which the
/// processor's vfork.S takes it.
struct VforkOutcome {
  decltype(&vfork) next;  // where the call goes on; null: it returns `result`
  long result;
};

extern "C" VforkOutcome heddle_inject_decide_vfork(const void* return_address, const void* frame) {
  const VforkOutcome passed_on{next_definitions.vfork.for_call(), 0};
  const std::uint32_t generation = armed_generation();
  if (generation == 0) [[likely]] {
    return passed_on;
  }
  const Decision decision =
      decide_armed(generation, {HEDDLE_INJECT_VFORK, 0, {}, return_address, frame, false});
  // Nothing of the shim's runs behind the call, so that a delay there is spent before it.
  finish(decision);
  if (decision.verdict != Verdict::pass_on) {
    return {nullptr, answer<HEDDLE_INJECT_MINUS_ONE, pid_t>(decision)};
  }
  if (decision.is_attended) {
    mark_vfork();
  }
  return passed_on;
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
