// thread_state.hpp: all that the shim knows of one thread.
//
// One variable in the static TLS block: any other model may allocate on first use, and may issue a
// futex call itself. It is plain memory of its thread, which a signal handler on that thread may
// find at any instruction; each field says why that is harmless.
#pragma once

#include <heddle/inject_control.h>

#include <cstdint>

#include "occurrence_count.hpp"
#include "thread_path.hpp"

namespace heddle::inject {

/// Where a thread's own stack lies; both 0 when that is not known.
struct StackBounds {
  std::uintptr_t low;   // the lowest address that is surely its own
  std::uintptr_t high;  // above the last frame that belongs to the program
};

/// No system call is marked.
constexpr long no_system_call = -1;

struct ThreadState {
  /// The switch of inject_control.h. Written by the thread's own program.
  std::uint32_t pass_through;
  /// Where the thread adds to the totals, plus 1; 0 until it has one. A handler may claim another
  /// in between: any will do.
  std::uint32_t shard;
  /// The system call that a wrapper is passing on at this moment, already decided: the raw layer
  /// lets one such call through, uncounted. See take_decided_system_call and PassingOn.
  long decided_system_call;
  /// Written when the thread starts, before it runs any code of the program, and after a fork.
  ThreadPath path;
  StackBounds stack;
  /// While a call that creates a thread is passed on, the path of that thread: the raw layer gives
  /// it to the thread before libc makes its own calls there. Otherwise null.
  const ThreadPath* path_of_new_thread;
  /// Attempts to create a thread, and forks, until now. A handler that creates a thread between
  /// load and store would give two threads one path; pthread_create is not async-signal-safe.
  std::uint64_t threads_created;
  std::uint64_t processes_forked;
  /// Calls that went into the record. Only orders sites; a handler's may be lost.
  std::uint64_t recorded_calls;
  /// By rule: the calls that it has looked at, and those that it has fired on.
  ThreadOccurrenceCount reached[HEDDLE_INJECT_MAXIMUM_RULES];
  ThreadOccurrenceCount fired[HEDDLE_INJECT_MAXIMUM_RULES];
};

/// A plain struct on purpose: a fork server saves and restores its own around fork, so that the
/// program's main thread is "0" in each process that it serves.
// Constant-initialised where it is defined, which the check cannot see from a declaration.
// NOLINTNEXTLINE(bugprone-dynamic-static-initializers)
extern constinit thread_local ThreadState thread_state;

/// For the raw layer, on each trapped call: whether a wrapper has decided this call already. True
/// once for each mark.
inline bool take_decided_system_call(long number) {
  if (thread_state.decided_system_call != number) {
    return false;
  }
  thread_state.decided_system_call = no_system_call;
  return true;
}

}  // namespace heddle::inject
