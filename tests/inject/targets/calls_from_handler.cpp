// calls_from_handler: a timer's handler interrupts a loop of calls and makes the same call. Prints
// how many there were together.
#include <sched.h>
#include <signal.h>
#include <sys/time.h>

#include <cstdio>

namespace {

constexpr int kInterruptions = 200;
volatile sig_atomic_t interruptions = 0;

void handle(int) {
  sched_yield();
  interruptions = interruptions + 1;
}

}  // namespace

int main() {
  struct sigaction action {};
  action.sa_handler = &handle;
  action.sa_flags = SA_RESTART;
  sigaction(SIGALRM, &action, nullptr);
  const itimerval often{{0, 50}, {0, 50}};
  setitimer(ITIMER_REAL, &often, nullptr);
  long calls = 0;
  while (interruptions < kInterruptions) {
    sched_yield();
    ++calls;
  }
  signal(SIGALRM, SIG_IGN);
  std::printf("%ld\n", calls + interruptions);
  return 0;
}
