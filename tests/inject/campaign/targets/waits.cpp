// Waits in the way that its first argument names: when it is refused a thread, or at once if its
// second argument is "now".
#include <fcntl.h>
#include <linux/futex.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

namespace {

/// Longer than any test waits.
constexpr time_t long_time = 4000;

pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

void lock_twice() {
  pthread_mutex_lock(&mutex);
  pthread_mutex_lock(&mutex);
}

void* lock_in_thread(void*) {
  pthread_mutex_lock(&mutex);
  return nullptr;
}

void join_a_blocked_thread() {
  pthread_mutex_lock(&mutex);
  pthread_t thread{};
  pthread_create(&thread, nullptr, lock_in_thread, nullptr);
  pthread_join(thread, nullptr);
}

void wait_for_a_blocked_child() {
  if (fork() == 0) {
    lock_twice();
  }
  waitpid(-1, nullptr, 0);
}

void read_own_pipe() {
  int ends[2];
  char byte = 0;
  if (pipe(ends) == 0) {
    static_cast<void>(!read(ends[0], &byte, 1));
  }
}

void read_standard_error() {
  char byte = 0;
  static_cast<void>(!read(STDERR_FILENO, &byte, 1));
}

void wait_in(void* memory) {
  syscall(SYS_futex, memory, FUTEX_WAIT, 0, nullptr, nullptr, 0);
}

void* shared_page(int descriptor) {
  const int flags = MAP_SHARED | (descriptor < 0 ? MAP_ANONYMOUS : 0);
  return mmap(nullptr, 4096, PROT_READ | PROT_WRITE, flags, descriptor, 0);
}

void wait_in_file() {
  char name[] = "/tmp/heddle-waits-XXXXXX";
  const int descriptor = mkstemp(name);
  unlink(name);
  if (ftruncate(descriptor, 4096) == 0) {
    wait_in(shared_page(descriptor));
  }
}

void sleep_until() {
  timespec end{};
  clock_gettime(CLOCK_REALTIME, &end);
  end.tv_sec += long_time;
  clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &end, nullptr);
}

void wait_for_semaphore() {
  sem_t semaphore;
  sem_init(&semaphore, 0, 0);
  timespec end{};
  clock_gettime(CLOCK_REALTIME, &end);
  end.tv_sec += long_time;
  sem_timedwait(&semaphore, &end);
}

void select_without_descriptors() {
  timeval limit{long_time, 0};
  select(0, nullptr, nullptr, nullptr, &limit);
}

void poll_own_pipe(int milliseconds) {
  int ends[2];
  if (pipe(ends) == 0) {
    pollfd entry{ends[0], POLLIN, 0};
    poll(&entry, 1, milliseconds);
  }
}

void wait_for_events(int watched) {
  epoll_event event{EPOLLIN, {}};
  const int set = epoll_create1(0);
  epoll_ctl(set, EPOLL_CTL_ADD, watched, &event);
  epoll_wait(set, &event, 1, -1);
}

void wait_for_events_of_timer() {
  const int timer = timerfd_create(CLOCK_MONOTONIC, 0);
  const itimerspec time{{}, {long_time, 0}};
  timerfd_settime(timer, 0, &time, nullptr);
  wait_for_events(timer);
}

void wait_for_events_of_pipe() {
  int ends[2];
  if (pipe(ends) == 0) {
    wait_for_events(ends[0]);
  }
}

void receive(bool limited) {
  int ends[2];
  char byte = 0;
  socketpair(AF_UNIX, SOCK_STREAM, 0, ends);
  if (limited) {
    const timeval limit{long_time, 0};
    setsockopt(ends[0], SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  }
  recv(ends[0], &byte, 1, 0);
}

void wait_for_signal_in_time() {
  sigset_t set;
  sigemptyset(&set);
  const timespec limit{long_time, 0};
  sigtimedwait(&set, nullptr, &limit);
}

void return_at_alarm(int) {}

void pause_until_alarm() {
  signal(SIGALRM, return_at_alarm);
  alarm(static_cast<unsigned>(long_time));
  pause();
}

void pause_until_timer() {
  timer_t timer{};
  timer_create(CLOCK_MONOTONIC, nullptr, &timer);
  const itimerspec time{{}, {long_time, 0}};
  timer_settime(timer, 0, &time, nullptr);
  pause();
}

void sleep_for(double seconds) {
  const auto whole = static_cast<time_t>(seconds);
  const timespec time{whole, static_cast<long>((seconds - static_cast<double>(whole)) * 1e9)};
  nanosleep(&time, nullptr);
}

/// In all longer than the deadline of the tests, and shorter than what they allow for waits.
void back_off() {
  for (double pause = 0.1; pause < 1; pause *= 2) {
    sleep_for(pause);
  }
}

void retry_for_ever() {
  for (;;) {
    sleep_for(0.05);
  }
}

struct Way {
  const char* name;
  void (*wait)();
};

const Way ways[] = {
    {"locks-twice", lock_twice},
    {"joins", join_a_blocked_thread},
    {"waits-for-child", wait_for_a_blocked_child},
    {"reads-own-pipe", read_own_pipe},
    {"reads-standard-error", read_standard_error},
    {"polls-own-pipe", [] { poll_own_pipe(-1); }},
    {"polls-own-pipe-in-time", [] { poll_own_pipe(static_cast<int>(long_time) * 1000); }},
    {"waits-in-shared-memory", [] { wait_in(shared_page(-1)); }},
    {"waits-in-file", wait_in_file},
    {"sleeps", [] { sleep_for(long_time); }},
    {"sleeps-until", sleep_until},
    {"waits-for-semaphore-in-time", wait_for_semaphore},
    {"selects-in-time", select_without_descriptors},
    {"waits-for-events-of-timer", wait_for_events_of_timer},
    {"waits-for-events-of-pipe", wait_for_events_of_pipe},
    {"receives", [] { receive(false); }},
    {"receives-in-time", [] { receive(true); }},
    {"waits-for-signal-in-time", wait_for_signal_in_time},
    {"pauses", [] { pause(); }},
    {"pauses-until-alarm", pause_until_alarm},
    {"pauses-until-timer", pause_until_timer},
    {"stops", [] { raise(SIGSTOP); }},
    {"backs-off", back_off},
    {"retries-for-ever", retry_for_ever},
};

void* return_at_once(void*) {
  return nullptr;
}

}  // namespace

int main(int argc, char** argv) {
  pthread_t thread{};
  const bool now = argc > 2 && strcmp(argv[2], "now") == 0;
  if (argc < 2) {
    return 2;
  }
  if (!now && pthread_create(&thread, nullptr, return_at_once, nullptr) == 0) {
    pthread_join(thread, nullptr);
    puts("done");
    return 0;
  }
  for (const Way& way : ways) {
    if (strcmp(way.name, argv[1]) == 0) {
      way.wait();
      fputs("it could not have a thread\n", stderr);
      return 1;
    }
  }
  return 2;
}
