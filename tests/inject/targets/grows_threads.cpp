// grows_threads: creates threads and a process in a fixed order. Each of them yields once, in a
// function that does nothing else; one after another, so that what they do is the same every time.
#include <pthread.h>
#include <sched.h>
#include <sys/wait.h>
#include <threads.h>
#include <unistd.h>

namespace {

__attribute__((noinline)) void yield() {
  sched_yield();
}

void* leaf(void*) {
  yield();
  return nullptr;
}

int c11_leaf(void*) {
  yield();
  return 0;
}

void run(void* (*body)(void*)) {
  pthread_t thread{};
  if (pthread_create(&thread, nullptr, body, nullptr) == 0) {
    pthread_join(thread, nullptr);
  }
}

void* branch(void*) {
  pthread_setname_np(pthread_self(), "branch");
  yield();
  run(&leaf);
  run(&leaf);
  return nullptr;
}

void fork_once() {
  const pid_t child = fork();
  if (child == 0) {
    yield();
    run(&leaf);
    _exit(0);
  }
  waitpid(child, nullptr, 0);
}

}  // namespace

int main() {
  yield();
  run(&branch);
  thrd_t thread{};
  if (thrd_create(&thread, &c11_leaf, nullptr) == thrd_success) {
    thrd_join(thread, nullptr);
  }
  fork_once();
  fork_once();
  run(&leaf);
  return 0;
}
