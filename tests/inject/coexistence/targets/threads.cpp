// Threads that leave in every way but by returning, and what a process shows of its threads.
#include <dirent.h>
#include <limits.h>
#include <pthread.h>
#include <threads.h>

#include <atomic>
#include <cstdio>
#include <thread>

#include "../../targets/performed_call.hpp"
#include "scenario.hpp"

namespace heddle::tests {
namespace {

struct Announces {
  const char* what;
  ~Announces() { std::printf("%s destroyed\n", what); }
};

thread_local Announces of_thread{"thread_local"};

void run_c11_thread(int (*routine)(void*)) {
  int argument = 41;
  thrd_t thread{};
  const int created = thrd_create(&thread, routine, &argument);
  int result = 0;
  const int joined = created == thrd_success ? thrd_join(thread, &result) : thrd_error;
  std::printf("created: %d, joined: %d, result: %d\n", created, joined, result);
}

/// Catches what unwinds, as a program may, and lets it go on: anything else ends the process.
template <typename Leave>
void leave_through_frames(Leave leave) {
  const Announces outer{"outer"};
  try {
    const Announces inner{"inner"};
    of_thread.what = "thread_local";
    leave();
  } catch (...) {
    std::puts("caught");
    throw;
  }
}

void* exit_nested(void* /*unused*/) {
  leave_through_frames([] { pthread_exit(nullptr); });
  return nullptr;
}

void* wait_to_be_cancelled(void* /*unused*/) {
  leave_through_frames([] {
    for (;;) {
      perform("nanosleep");
    }
  });
  return nullptr;
}

void run_thread(void* (*routine)(void*), bool cancel) {
  pthread_t thread{};
  if (pthread_create(&thread, nullptr, routine, nullptr) != 0) {
    std::puts("no thread");
    return;
  }
  if (cancel) {
    pthread_cancel(thread);
  }
  void* result = nullptr;
  pthread_join(thread, &result);
  std::printf("cancelled: %d\n", result == PTHREAD_CANCELED);
}

int entries_of(const char* folder) {
  DIR* const directory = opendir(folder);
  int count = 0;
  while (directory != nullptr && readdir(directory) != nullptr) {
    ++count;
  }
  if (directory != nullptr) {
    closedir(directory);
  }
  return count - 2;  // itself and its parent
}

}  // namespace

int leave_c11_threads() {
  run_c11_thread([](void* argument) { return *static_cast<int*>(argument) + 1; });
  run_c11_thread([](void* /*unused*/) -> int {
    const Announces local{"local of a C11 thread"};
    thrd_exit(43);
  });
  return 0;
}

int unwind_nested_frames() {
  run_thread(exit_nested, false);
  run_thread(wait_to_be_cancelled, true);
  return 0;
}

int count_threads() {
  std::atomic<bool> leave{false};
  std::thread threads[3];
  for (std::thread& thread : threads) {
    thread = std::thread([&] { leave.wait(false); });
  }
  std::printf("%d threads, %d descriptors\n", entries_of("/proc/self/task"),
              entries_of("/proc/self/fd"));
  leave = true;
  leave.notify_all();
  for (std::thread& thread : threads) {
    thread.join();
  }
  return 0;
}

int create_with_pending_cancellation() {
  run_thread(
      [](void*) -> void* {
        const Announces local{"creator"};
        pthread_cancel(pthread_self());
        pthread_t thread{};
        const int created = pthread_create(
            &thread, nullptr, [](void*) -> void* { return nullptr; }, nullptr);
        std::printf("went on: %d\n", created);
        pthread_attr_t attributes;
        std::printf("went on: %d\n", pthread_attr_init(&attributes));
        std::printf("went on: %d\n", perform("sigaltstack"));
        pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, nullptr);
        pthread_join(thread, nullptr);
        pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, nullptr);
        pthread_testcancel();
        std::puts("not reached");
        return nullptr;
      },
      false);
  return 0;
}

// glibc takes the thread-local variables of all libraries out of this as well, the shim's too.
int call_on_smallest_stack() {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  std::printf("setstacksize: %d\n", pthread_attr_setstacksize(&attributes, PTHREAD_STACK_MIN));
  pthread_t thread{};
  int failures = 0;
  const int created = pthread_create(
      &thread, &attributes,
      [](void* failures) -> void* {
        for (const char* call : {"mmap", "sigaltstack", "futex.wake", "sched_yield", "nanosleep"}) {
          *static_cast<int*>(failures) += perform(call) != 0 ? 1 : 0;
        }
        return nullptr;
      },
      &failures);
  std::printf("pthread_create: %d\n", created);
  if (created == 0) {
    pthread_join(thread, nullptr);
  }
  std::printf("%d calls failed\n", failures);
  pthread_attr_destroy(&attributes);
  return 0;
}

}  // namespace heddle::tests
