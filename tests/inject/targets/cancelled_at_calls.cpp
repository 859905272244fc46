// cancelled_at_calls: makes each injectable call on a thread of its own that has a cancellation
// pending, and says whether the thread got past it; then cancels threads that are blocked in the
// calls that can block.
#include <pthread.h>
#include <sched.h>
#include <time.h>

#include <atomic>
#include <cstdio>
#include <string_view>

#include "performed_call.hpp"

namespace {

struct Local {
  const char* name;
  bool went_on = false;
  ~Local() { std::printf("%s %s\n", name, went_on ? "went on" : "was cancelled"); }
};

void* call_with_pending_cancellation(void* argument) {
  Local local{static_cast<const char*>(argument)};
  pthread_cancel(pthread_self());
  heddle::tests::perform(local.name);
  local.went_on = true;
  pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, nullptr);
  return nullptr;
}

std::atomic<bool> begun{false};
constexpr timespec very_long{1'000'000, 0};

void* sleep_long(void*) {
  const Local local{"nanosleep"};
  begun = true;
  nanosleep(&very_long, nullptr);
  return nullptr;
}

void* sleep_long_on_clock(void*) {
  const Local local{"clock_nanosleep"};
  begun = true;
  clock_nanosleep(CLOCK_MONOTONIC, 0, &very_long, nullptr);
  return nullptr;
}

void* join_forever(void*) {
  const Local local{"pthread_join"};
  pthread_t sleeper{};
  pthread_create(
      &sleeper, nullptr, [](void*) -> void* { return nanosleep(&very_long, nullptr), nullptr; },
      nullptr);
  begun = true;
  pthread_join(sleeper, nullptr);
  return nullptr;
}

void run(void* (*body)(void*), void* argument) {
  pthread_t thread{};
  pthread_create(&thread, nullptr, body, argument);
  pthread_join(thread, nullptr);
}

void cancel_blocked(void* (*body)(void*)) {
  begun = false;
  pthread_t thread{};
  pthread_create(&thread, nullptr, body, nullptr);
  while (!begun) {
    sched_yield();
  }
  pthread_cancel(thread);
  pthread_join(thread, nullptr);
}

}  // namespace

int main() {
  // Not those that run other threads or processes: they would be cancelled in their own clean-up,
  // or, like pthread_join, only if the other has not ended yet.
  for (const char* call : {"pthread_attr_setstacksize",
                           "pthread_attr_setguardsize",
                           "pthread_attr_destroy",
                           "pthread_getattr_np",
                           "pthread_detach",

                           "pthread_key_create",
                           "pthread_setspecific",
                           "pthread_setname_np",
                           "pthread_mutex_init",
                           "pthread_cond_init",
                           "pthread_attr_setschedparam",
                           "pthread_attr_setinheritsched",
                           "sem_init",
                           "prctl",
                           "mmap",
                           "mmap64",
                           "mprotect",
                           "munmap",
                           "mremap",
                           "madvise",
                           "sigaltstack",
                           "sigaction",
                           "nanosleep",
                           "clock_nanosleep",
                           "sched_yield",
                           "syscall.mmap",
                           "syscall.clock_nanosleep",
                           "futex.wait",
                           "futex.wake",
                           "futex.requeue",
                           "futex.lock_pi",
                           "futex.unlock_pi",
                           "set_robust_list",
                           "rt_sigprocmask",
                           "syscall"}) {
    run(&call_with_pending_cancellation, const_cast<char*>(call));
  }
  cancel_blocked(&sleep_long);
  cancel_blocked(&sleep_long_on_clock);
  cancel_blocked(&join_forever);
  return 0;
}
