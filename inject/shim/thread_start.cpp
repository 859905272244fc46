#include "thread_start.hpp"

#include <dlfcn.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include <atomic>
#include <bit>
#include <cerrno>

#include "ended_children.hpp"
#include "exit_state.hpp"
#include "next_definitions.hpp"
#include "often_written.hpp"
#include "raw_system_call.hpp"
#include "thread_state.hpp"

namespace heddle::inject {
namespace {

/// What a new thread needs to know. Lives from the creator's call until the thread has read it.
struct ThreadStart {
  union {
    void* (*routine)(void*);
    thrd_start_t c11_routine;
  };
  void* argument;
  ThreadPath path;
  std::size_t stack_size;
  bool stack_is_libcs;  // not one that the program has brought
};

/// Records for so many threads that have been created and have not begun to run; beyond, a mapping
/// of its own serves.
HEDDLE_INJECT_OFTEN_WRITTEN constinit ThreadStart pool[64]{};
/// One bit for each of the pool.
HEDDLE_INJECT_OFTEN_WRITTEN constinit std::atomic<std::uint64_t> claimed{0};

/// Null when there is no memory left. Any thread, async-signal-safe.
ThreadStart* claim_record() {
  std::uint64_t seen = claimed.load(std::memory_order_relaxed);
  while (~seen != 0) {
    const std::uint64_t bit = ~seen & (seen + 1);  // the lowest that is not set
    // Acquire pairs with the release of release_record: the former user is done with its record.
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
  // Unmapping a whole mapping of one's own cannot fail.
  static_cast<void>(raw_system_call(SYS_munmap, record, sizeof(ThreadStart)));
}

/// Of a thread without attributes. A program that lowers the default later, and runs code on memory
/// right below such a thread's stack, would be walked with bounds too wide; none is known.
constinit std::size_t default_stack_size = 0;

std::size_t stack_size_of(const pthread_attr_t* attributes) {
  std::size_t size = default_stack_size;
  if (attributes != nullptr && pthread_attr_getstacksize(attributes, &size) != 0) {
    return 0;  // not documented to happen; then the bounds stay unknown
  }
  return size;
}

/// Without a stack of the program's in the attributes, libc says that there is one that ends at 0.
bool is_stack_libcs(const pthread_attr_t* attributes) {
  void* start = nullptr;
  std::size_t size = 0;
  return attributes == nullptr || pthread_attr_getstack(attributes, &start, &size) != 0 ||
         std::bit_cast<std::uintptr_t>(start) + size == 0;
}

/// `frame` is that of the start routine: what lies above belongs to libc. libc keeps a thread's
/// control block at the upper end of its stack, so that the stack reaches down from there.
StackBounds bounds_of_thread(const void* frame, std::size_t size) {
  // The size is rounded to pages, and counted from a little above: the lowest page is guard anyway.
  constexpr std::uintptr_t margin = 4096;
  const auto control_block = std::bit_cast<std::uintptr_t>(__builtin_thread_pointer());
  const auto high = std::bit_cast<std::uintptr_t>(frame);
  const std::uintptr_t low = control_block - size + margin;
  return size > margin && low < high && high < control_block ? StackBounds{low, high}
                                                             : StackBounds{0, 0};
}

/// Copies the record, so that the thread holds nothing that cancellation could leak.
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

/// Keeps the program's routine from being a tail call, which would leave no frame to end the walk.
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

/// The main thread's stack ends where the dynamic linker found it. Below it the kernel keeps at
/// least this much free of other mappings, so what lies in there is the stack.
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
  // A constructor that ran before start-up: threads that it creates are the main thread's.
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
  const int result = next_definitions.thrd_create(thread, &run_c11_thread, record);
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
  // Without room for the handlers children keep their parent's path; nothing else depends on it.
  static_cast<void>(pthread_atfork(nullptr, &after_fork_in_parent, &after_fork_in_child));
  errno = saved_errno;
}

}  // namespace heddle::inject
