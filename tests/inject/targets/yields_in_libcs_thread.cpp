// yields_in_libcs_thread: yields in a thread that libc makes, to tell of a timer's end. Nobody
// calls pthread_create by name for it.
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <time.h>

namespace {

sem_t yielded;

[[gnu::noinline]] void yield() {
  sched_yield();
  sem_post(&yielded);
}

void notify(sigval) {
  yield();
}

}  // namespace

int main() {
  sem_init(&yielded, 0, 0);
  sigevent event{};
  event.sigev_notify = SIGEV_THREAD;
  event.sigev_notify_function = &notify;
  timer_t timer{};
  const itimerspec soon{{0, 0}, {0, 1}};
  if (timer_create(CLOCK_MONOTONIC, &event, &timer) != 0 ||
      timer_settime(timer, 0, &soon, nullptr) != 0) {
    return 1;
  }
  while (sem_wait(&yielded) != 0) {
  }
  return 0;
}
