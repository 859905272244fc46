// leaves_by_pthread_exit: a thread with a local object ends by pthread_exit, another is cancelled.
// Both unwind through whatever stands between the thread's start and its own code.
#include <pthread.h>
#include <unistd.h>

#include <cstdio>

namespace {

struct Local {
  const char* name;
  ~Local() { std::printf("%s destroyed\n", name); }
};

void* exits(void*) {
  const Local local{"exiting"};
  pthread_exit(nullptr);
}

void* is_cancelled(void*) {
  const Local local{"cancelled"};
  for (;;) {
    pause();
  }
}

void run(void* (*body)(void*), bool cancel) {
  pthread_t thread{};
  if (pthread_create(&thread, nullptr, body, nullptr) != 0) {
    return;
  }
  if (cancel) {
    pthread_cancel(thread);
  }
  pthread_join(thread, nullptr);
}

}  // namespace

int main() {
  run(exits, false);
  run(is_cancelled, true);
  return 7;
}
