// thread_state.hpp: everything that the shim knows of one thread.
//
// The state is one variable in the static TLS block: any other model may allocate on first use, and
// may itself make a futex call. The variable is plain memory of its thread. A signal handler on
// that thread may find it in the middle of any change; each field says why that is harmless.
#pragma once

#include <heddle/inject_control.h>

#include <cstdint>

#include "classify.hpp"
#include "occurrence_count.hpp"
#include "thread_path.hpp"

namespace heddle::inject {

/// The bounds of a thread's own stack; both 0 when they are unknown.
struct StackBounds {
  std::uintptr_t low;   // the lowest address that surely belongs to the stack
  std::uintptr_t high;  // above the last frame that belongs to the program
};

struct ThreadState {
  /// The switch of inject_control.h. Written by the thread's own program.
  std::uint32_t pass_through;
  /// The shard of the totals to which the thread adds, plus 1; 0 until it has one. A handler may
  /// claim another shard in between: any will do.
  std::uint32_t shard;
  /// The decided system call that a wrapper is passing on: the raw layer lets one such call
  /// through, uncounted. See take_decided_system_call and PassingOn.
  long decided_system_call;
  /// The mark in whose place that of vfork stands. The raw layer puts it back: the wrapper of vfork
  /// is gone when the system call is made. Written before `decided_system_call`; a handler in
  /// between that calls vfork notes the same mark.
  long mark_before_vfork;
  /// Written when the thread starts, before it runs any code of the program, and after a fork.
  ThreadPath path;
  StackBounds stack;
  /// The path of the new thread while a call that creates one is passed on; otherwise null. The raw
  /// layer gives the path to the thread before libc makes calls there.
  const ThreadPath* path_of_new_thread;
  /// Attempts to create a thread so far, and forks so far. A handler that creates a thread between
  /// load and store would give two threads one path, but pthread_create is not async-signal-safe.
  std::uint64_t threads_created;
  std::uint64_t processes_forked;
  /// Calls that went into the record. A handler's may be lost: the count only orders sites.
  std::uint64_t recorded_calls;
  /// For each rule, the calls that it has looked at, and those on which it has fired.
  ThreadOccurrenceCount reached[HEDDLE_INJECT_MAXIMUM_RULES];
  ThreadOccurrenceCount fired[HEDDLE_INJECT_MAXIMUM_RULES];
};

/// The calling thread's state. A plain struct on purpose: a fork server restores it after each
/// fork, so that the program's main thread is "0" in each run.
// Constant-initialised where it is defined, which the check cannot see from a declaration.
// NOLINTNEXTLINE(bugprone-dynamic-static-initializers)
extern constinit thread_local ThreadState thread_state;

/// Says whether a wrapper has decided the trapped call already, and takes the mark away: true once
/// for each mark.
inline bool take_decided_system_call(long number) {
  if (thread_state.decided_system_call != number) {
    return false;
  }
  thread_state.decided_system_call =
      number == SYS_vfork ? thread_state.mark_before_vfork : no_system_call;
  return true;
}

/// Marks the system call of vfork, which is decided. The mark is taken in the parent, before there
/// is a child that shares it.
inline void mark_vfork() {
  if (thread_state.decided_system_call != SYS_vfork) {
    thread_state.mark_before_vfork = thread_state.decided_system_call;
    thread_state.decided_system_call = SYS_vfork;
  }
}

}  // namespace heddle::inject
