// cancelled_at_calls: makes each injectable call on a thread of its own that has a cancellation
// pending, and says whether the thread got past it; then cancels threads that are blocked in the
// calls that can block.
#include <heddle/inject_calls.h>
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

#define HEDDLE_TESTS_NAME(identifier, name, ...) name,
constexpr const char* calls[] = {HEDDLE_INJECT_CALL_TABLE(HEDDLE_TESTS_NAME) "mmap64",
                                 "syscall.mmap", "syscall.clock_nanosleep"};
#undef HEDDLE_TESTS_NAME

/// Says whether the call runs another thread or process. It would be cancelled in its own clean-up
/// or, like pthread_join, only if the other has not ended yet.
bool runs_another(std::string_view call) {
  for (const std::string_view name : {"pthread_create", "pthread_join", "fork", "vfork",
                                      "posix_spawn", "thrd_create", "clone", "clone3"}) {
    if (call == name) {
      return true;
    }
  }
  return false;
}

}  // namespace

int main() {
  for (const char* const call : calls) {
    if (!runs_another(call)) {
      run(&call_with_pending_cancellation, const_cast<char*>(call));
    }
  }
  cancel_blocked(&sleep_long);
  cancel_blocked(&sleep_long_on_clock);
  cancel_blocked(&join_forever);
  return 0;
}
