// next_definitions.h: whom each wrapper passes its call on to.
//
// The next definition in the search order, which need not be libc's: a sanitizer interposes too.
#ifndef HEDDLE_INJECT_SHIM_NEXT_DEFINITIONS_H
#define HEDDLE_INJECT_SHIM_NEXT_DEFINITIONS_H

#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>

namespace heddle::inject {

/// Null until resolved. Loads and stores are relaxed: what a pointer leads to is code, which was
/// there before the pointer was, and every writer stores the same value.
struct NextDefinitions {
  std::atomic<int (*)(pthread_t*, const pthread_attr_t*, void* (*)(void*), void*)> pthread_create;
  std::atomic<int (*)(pthread_attr_t*, size_t)> pthread_attr_setstacksize;
  std::atomic<void* (*)(void*, size_t, int, int, int, off_t)> mmap;
  std::atomic<void* (*)(void*, size_t, int, int, int, off64_t)> mmap64;
  std::atomic<int (*)(const stack_t*, stack_t*)> sigaltstack;
  std::atomic<long (*)(long, ...)> syscall;
};

// Constant-initialised where it is defined, which the check cannot see from a declaration.
// NOLINTNEXTLINE(bugprone-dynamic-static-initializers)
extern constinit NextDefinitions next_definitions;

/// Fills the table; may be called again, by any thread. It may allocate (dlsym does), so it runs in
/// the shim's constructor, or earlier when a constructor that ran before starts a thread; the
/// wrappers that an allocator may call work without it. Ends the process with a message when the
/// program has no such function, which libc rules out. errno stays.
void resolve_next_definitions();

}  // namespace heddle::inject

#endif
