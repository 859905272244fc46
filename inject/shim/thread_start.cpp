#include "thread_start.hpp"

#include <dlfcn.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include <atomic>
#include <bit>
#include <cerrno>

#include "ended_children.hpp"
#include "exit_state.hpp"
#include "leak_checker.hpp"
#include "next_definitions.hpp"
#include "often_written.hpp"
#include "processor.hpp"
#include "raw_system_call.hpp"
#include "thread_state.hpp"

namespace heddle::inject {
namespace {

/// What a new thread needs to know, from its creator's call until the thread has read it.
struct ThreadStart {
  union {
    void* (*routine)(void*);
    thrd_start_t c11_routine;
  };
  void* argument;
  ThreadPath path;
  std::size_t stack_size;
  bool stack_is_libcs;  // false: the program has brought its own
};

/// Records for threads that have been created and have yet to run. A thread beyond these gets a
/// mapping of its own.
HEDDLE_INJECT_OFTEN_WRITTEN constinit ThreadStart pool[64]{};
/// One bit for each record of the pool.
HEDDLE_INJECT_OFTEN_WRITTEN constinit std::atomic<std::uint64_t> claimed{0};

/// Takes a record; null when there is no memory left. Any thread, async-signal-safe.
ThreadStart* claim_record() {
  std::uint64_t seen = claimed.load(std::memory_order_relaxed);
  while (~seen != 0) {
    const std::uint64_t bit = ~seen & (seen + 1);  // the lowest clear bit
    // Acquire pairs with the release in release_record: the record's last user is done with it.
    if (claimed.compare_exchange_weak(seen, seen | bit, std::memory_order_acquire,
                                      std::memory_order_relaxed)) {
      return &pool[std::countr_zero(bit)];
    }
  }
  const long address = raw_system_call(SYS_mmap, 0, sizeof(ThreadStart), PROT_READ | PROT_WRITE,
                                       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return address < 0 && address > -4096 ? nullptr : std::bit_cast<ThreadStart*>(address);
}

void release_record(ThreadStart* record) {
  if (record >= std::begin(pool) && record < std::end(pool)) {
    claimed.fetch_and(~(std::uint64_t{1} << (record - std::begin(pool))),
                      std::memory_order_release);
    return;
  }
  // Cannot fail for a whole mapping of our own.
  static_cast<void>(raw_system_call(SYS_munmap, record, sizeof(ThreadStart)));
}

/// The stack size of a thread without attributes. The bounds are too wide in a program that later
/// lowers the default and runs code right below such a thread's stack; no such program is known.
constinit std::size_t default_stack_size = 0;

std::size_t stack_size_of(const pthread_attr_t* attributes) {
  std::size_t size = default_stack_size;
  if (attributes != nullptr && pthread_attr_getstacksize(attributes, &size) != 0) {
    return 0;  // not documented to happen; the bounds then stay unknown
  }
  return size;
}

/// Says whether libc provides the stack. Attributes without a stack have one that ends at 0.
bool is_stack_libcs(const pthread_attr_t* attributes) {
  void* start = nullptr;
  std::size_t size = 0;
  return attributes == nullptr || pthread_attr_getstack(attributes, &start, &size) != 0 ||
         std::bit_cast<std::uintptr_t>(start) + size == 0;
}

/// Returns the bounds of a thread's stack from `frame`, that of the start routine: what lies above
/// belongs to libc. libc has the thread pointer lead near the upper end of the stack, from which
/// the stack reaches down.
StackBounds bounds_of_thread(const void* frame, std::size_t size) {
  // The size is rounded to pages, and the lowest page is guard anyway.
  constexpr std::uintptr_t margin = above_thread_pointer;
  const auto thread_pointer = std::bit_cast<std::uintptr_t>(__builtin_thread_pointer());
  const auto high = std::bit_cast<std::uintptr_t>(frame);
  const std::uintptr_t low = thread_pointer - size + margin;
  return size > margin && low < high && high < thread_pointer ? StackBounds{low, high}
                                                              : StackBounds{0, 0};
}

/// Enters path and stack into the thread's state. Returns a copy of the record, so that the thread
/// holds nothing that cancellation could leak.
[[gnu::always_inline]] inline ThreadStart begin_thread(void* record) {
  const ThreadStart start = *static_cast<ThreadStart*>(record);
  release_record(static_cast<ThreadStart*>(record));
  thread_state.path = start.path;
  thread_state.stack = bounds_of_thread(__builtin_frame_address(0), start.stack_size);
  if (start.stack_is_libcs) {
    note_kept_memory(__builtin_frame_address(0));
  }
  return start;
}

/// Keeps the call of the program's routine from being a tail call: the walk ends at this frame.
inline void stay_in_frame() {
  __asm__ volatile("");
}

void* run_thread(void* record) {
  const ThreadStart start = begin_thread(record);
  void* const result = start.routine(start.argument);
  stay_in_frame();
  return result;
}

int run_c11_thread(void* record) {
  const ThreadStart start = begin_thread(record);
  const int result = start.c11_routine(start.argument);
  stay_in_frame();
  return result;
}

/// The same for a thread of pthread_create's. thrd_join reads its int from the pointer.
void* run_c11_thread_of_posix(void* record) {
  return std::bit_cast<void*>(static_cast<std::intptr_t>(run_c11_thread(record)));
}

/// Creates a thread for thrd_create. A leak checker knows the threads of pthread_create alone, and
/// takes what the stack of another one leads to for lost: so with one, that is what makes it. In
/// glibc a thrd_t is a pthread_t, and both kinds of threads are joined and detached in one way.
int start_c11_thread(thrd_t* thread, ThreadStart* record) {
  if (leak_checker == nullptr) {
    return next_definitions.thrd_create(thread, &run_c11_thread, record);
  }
  switch (next_definitions.pthread_create(thread, nullptr, &run_c11_thread_of_posix, record)) {
    case 0:
      return thrd_success;
    case ENOMEM:
      return thrd_nomem;
    default:
      return thrd_error;
  }
}

/// Returns the bounds of the main thread's stack, whose upper end the dynamic linker knows. Below,
/// the kernel keeps at least the given size free of other mappings, so all of that is stack.
StackBounds bounds_of_main_thread() {
  constexpr std::uintptr_t gap = std::uintptr_t{128} << 20;
  void* const* const end = static_cast<void* const*>(dlsym(RTLD_DEFAULT, "__libc_stack_end"));
  if (end == nullptr) {
    return {0, 0};
  }
  const auto high = std::bit_cast<std::uintptr_t>(*end);
  return {high - gap, high};
}

void after_fork_in_parent() {
  ++thread_state.processes_forked;
}

void after_fork_in_child() {
  const std::uint64_t ordinal = thread_state.processes_forked + 1;
  thread_state.path = thread_state.path.extended(".f", ordinal);
  thread_state.threads_created = 0;
  thread_state.processes_forked = 0;
  enter_process();
}

}  // namespace

ThreadPath path_of_next_thread() {
  if (thread_state.pass_through != 0) {
    return unknown_path;
  }
  // In a constructor before start-up: its threads are the main thread's.
  if (thread_state.path.hash == unknown_path.hash &&
      raw_system_call(SYS_gettid) == raw_system_call(SYS_getpid)) {
    thread_state.path = main_path;
  }
  return thread_state.path.extended(".", ++thread_state.threads_created);
}

int create_thread(const ThreadPath& path, pthread_t* thread, const pthread_attr_t* attributes,
                  void* (*routine)(void*), void* argument) {
  ThreadStart* const record = claim_record();
  if (record == nullptr) {
    return EAGAIN;
  }
  *record = {
      {.routine = routine}, argument, path, stack_size_of(attributes), is_stack_libcs(attributes)};
  thread_state.path_of_new_thread = &path;
  const int error = next_definitions.pthread_create(thread, attributes, &run_thread, record);
  thread_state.path_of_new_thread = nullptr;
  if (error != 0) {
    release_record(record);
  }
  return error;
}

int create_thread(const ThreadPath& path, thrd_t* thread, thrd_start_t routine, void* argument) {
  ThreadStart* const record = claim_record();
  if (record == nullptr) {
    return thrd_nomem;
  }
  *record = {{.c11_routine = routine}, argument, path, stack_size_of(nullptr), true};
  thread_state.path_of_new_thread = &path;
  const int result = start_c11_thread(thread, record);
  thread_state.path_of_new_thread = nullptr;
  if (result != thrd_success) {
    release_record(record);
  }
  return result;
}

void set_up_threads() {
  const int saved_errno = errno;
  thread_state.path = main_path;
  thread_state.stack = bounds_of_main_thread();
  pthread_attr_t attributes;
  if (next_definitions.pthread_attr_init(&attributes) == 0) {
    default_stack_size = 0;
    static_cast<void>(
        pthread_attr_getstacksize(&attributes, &default_stack_size));  // stays 0 if it fails
    next_definitions.pthread_attr_destroy(&attributes);
  }
  // Without room for the handlers, children keep their parent's path, and all else works.
  static_cast<void>(pthread_atfork(nullptr, &after_fork_in_parent, &after_fork_in_child));
  errno = saved_errno;
}

}  // namespace heddle::inject
