// next_definitions.hpp: the functions to which the wrappers pass their calls on.
//
// Each is the next definition in the search order, which may be a sanitizer's instead of libc's.
#pragma once

#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <bit>
#include <cstdint>
#include <type_traits>

#include "raw_system_call.hpp"

/// Every symbol that the shim wraps.
#define HEDDLE_INJECT_WRAPPED_SYMBOLS(SYMBOL) \
  SYMBOL(pthread_create)                      \
  SYMBOL(pthread_attr_init)                   \
  SYMBOL(pthread_attr_setstacksize)           \
  SYMBOL(pthread_attr_setstack)               \
  SYMBOL(pthread_attr_setguardsize)           \
  SYMBOL(pthread_attr_destroy)                \
  SYMBOL(pthread_getattr_np)                  \
  SYMBOL(pthread_join)                        \
  SYMBOL(pthread_detach)                      \
  SYMBOL(pthread_key_create)                  \
  SYMBOL(pthread_setspecific)                 \
  SYMBOL(pthread_setname_np)                  \
  SYMBOL(pthread_mutex_init)                  \
  SYMBOL(pthread_cond_init)                   \
  SYMBOL(pthread_attr_setschedparam)          \
  SYMBOL(pthread_attr_setinheritsched)        \
  SYMBOL(sem_init)                            \
  SYMBOL(execve)                              \
  SYMBOL(execv)                               \
  SYMBOL(execvp)                              \
  SYMBOL(execvpe)                             \
  SYMBOL(fork)                                \
  SYMBOL(vfork)                               \
  SYMBOL(posix_spawn)                         \
  SYMBOL(posix_spawnp)                        \
  SYMBOL(prctl)                               \
  SYMBOL(thrd_create)                         \
  SYMBOL(mmap)                                \
  SYMBOL(mmap64)                              \
  SYMBOL(mprotect)                            \
  SYMBOL(munmap)                              \
  SYMBOL(mremap)                              \
  SYMBOL(madvise)                             \
  SYMBOL(shmat)                               \
  SYMBOL(sigaltstack)                         \
  SYMBOL(sigaction)                           \
  SYMBOL(nanosleep)                           \
  SYMBOL(clock_nanosleep)                     \
  SYMBOL(sched_yield)                         \
  SYMBOL(syscall)                             \
  SYMBOL(wait)                                \
  SYMBOL(waitpid)                             \
  SYMBOL(wait3)                               \
  SYMBOL(wait4)                               \
  SYMBOL(waitid)                              \
  SYMBOL(system)                              \
  SYMBOL(pclose)

namespace heddle::inject {

/// Returns the definition of `name` that follows the shim's own. May allocate, as dlsym does. Ends
/// the process with a message when there is none, which cannot happen beside glibc. errno stays.
void* find_next_definition(const char* name);

/// The same in the version that dlsym picks. Allocates nothing.
void* find_nearest_definition(const char* name);

/// Notes a call that came before start-up had resolved its next definition.
void note_early_call();

/// Returns how many such calls there were.
std::uint64_t early_calls();

template <typename Function>
struct NextDefinition {
  const char* name;
  /// Null until resolved. Loads and stores are relaxed: the pointer leads to code, which was there
  /// before the pointer.
  std::atomic<Function> function;

  /// Returns the function for a call. Only a constructor that runs before the shim's finds it
  /// unresolved.
  [[gnu::always_inline]] Function for_call() const {
    Function next = function.load(std::memory_order_relaxed);
    if (next == nullptr) [[unlikely]] {
      note_early_call();
      next = reinterpret_cast<Function>(find_next_definition(name));
    }
    return next;
  }

  /// Passes the call on.
  template <typename... Arguments>
  [[gnu::always_inline]] auto operator()(Arguments... arguments) const {
    return for_call()(arguments...);
  }
};

/// The next definition of a function that an allocator may call from within the dlsym that would
/// resolve it. Waiting for that would be a deadlock, so an unresolved call enters the kernel
/// itself.
template <long number, typename Function>
struct NextOrKernel {
  const NextDefinition<Function>& next;

  template <typename... Arguments>
  [[gnu::always_inline]] auto operator()(Arguments... arguments) const {
    using Result = decltype(next(arguments...));
    const Function function = next.function.load(std::memory_order_relaxed);
    if (function != nullptr) [[likely]] {
      return function(arguments...);
    }
    note_early_call();
    const long result = as_libc_result(raw_system_call(number, arguments...));
    if constexpr (std::is_pointer_v<Result>) {
      return std::bit_cast<Result>(result);
    } else {
      return static_cast<Result>(result);
    }
  }
};

template <long number, typename Function>
NextOrKernel<number, Function> or_kernel(const NextDefinition<Function>& next) {
  return {next};
}

/// The same for functions without a system call behind them, whose default version dlsym picks: a
/// look-up that succeeds allocates nothing.
template <typename Function>
struct NextOrNearest {
  const NextDefinition<Function>& next;

  template <typename... Arguments>
  [[gnu::always_inline]] auto operator()(Arguments... arguments) const {
    Function function = next.function.load(std::memory_order_relaxed);
    if (function == nullptr) [[unlikely]] {
      note_early_call();
      function = reinterpret_cast<Function>(find_nearest_definition(next.name));
    }
    return function(arguments...);
  }
};

template <typename Function>
NextOrNearest<Function> or_nearest(const NextDefinition<Function>& next) {
  return {next};
}

// A function's attributes, such as which arguments may not be null, are not part of its type; g++
// says so wherever they are left out.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wignored-attributes"
struct NextDefinitions {
// A member cannot be named in parentheses.
// NOLINTNEXTLINE(bugprone-macro-parentheses)
#define HEDDLE_INJECT_MEMBER(symbol) NextDefinition<decltype(&::symbol)> symbol{#symbol, nullptr};
  HEDDLE_INJECT_WRAPPED_SYMBOLS(HEDDLE_INJECT_MEMBER)
#undef HEDDLE_INJECT_MEMBER
};
#pragma GCC diagnostic pop

// Constant-initialised where it is defined, which the check cannot see from a declaration.
// NOLINTNEXTLINE(bugprone-dynamic-static-initializers)
extern constinit NextDefinitions next_definitions;

/// Fills the table; called once, by start-up.
void resolve_next_definitions();

}  // namespace heddle::inject
