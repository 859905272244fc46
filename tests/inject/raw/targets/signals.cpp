// Signals whose handlers make system calls, arrive while others are made, and do not come back.
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <thread>

#include "scenario.hpp"

namespace heddle::tests {
namespace {

std::atomic<int> handled{0};

void call_and_count(int /*signal*/) {
  const int saved_errno = errno;
  static_cast<void>(getppid());
  static_cast<void>(inline_system_call(SYS_getppid));
  handled.fetch_add(1);
  errno = saved_errno;
}

void install(int signal, void (*handler)(int), int flags = 0, bool block_all = false) {
  struct sigaction action {};
  action.sa_handler = handler;
  action.sa_flags = flags;
  if (block_all) {
    sigfillset(&action.sa_mask);
  }
  REQUIRE_THAT(sigaction(signal, &action, nullptr) == 0);
}

sigset_t all_signals() {
  sigset_t all;
  sigfillset(&all);
  return all;
}

sigset_t all_but(int signal) {
  sigset_t set = all_signals();
  sigdelset(&set, signal);
  return set;
}

sigjmp_buf landing;

void jump_out(int /*signal*/) {
  static_cast<void>(getppid());
  siglongjmp(landing, 1);
}

/// Blocks SIGUSR1, leaves one pending, and says what the wait, which lets it through, did.
template <typename Wait>
void check_interrupted(const char* name, Wait wait) {
  const int before = handled.load();
  REQUIRE_THAT(pthread_kill(pthread_self(), SIGUSR1) == 0);
  REQUIRE_THAT(handled.load() == before);
  errno = 0;
  const long result = wait();
  std::printf("%s: %ld, %d, %d handled\n", name, result, errno, handled.load() - before);
}

}  // namespace

int signal_storm() {
  install(SIGUSR1, call_and_count, SA_RESTART);
  install(SIGUSR2, call_and_count, 0, true);
  std::atomic<bool> stop{false};
  std::thread victim([&stop] {
    while (!stop.load()) {
      static_cast<void>(getppid());
      std::thread([] { static_cast<void>(inline_system_call(SYS_getppid)); }).join();
    }
  });
  const pthread_t target = victim.native_handle();
  for (int index = 0; index < 4000; ++index) {
    REQUIRE_THAT(pthread_kill(target, index % 2 == 0 ? SIGUSR1 : SIGUSR2) == 0);
    static_cast<void>(getppid());
  }
  stop.store(true);
  victim.join();
  std::puts(handled.load() > 0 ? "handled" : "none handled");
  return 0;
}

int alternate_stack() {
  static char memory[65536];
  const stack_t wanted{&memory[0], 0, sizeof(memory)};
  REQUIRE_THAT(sigaltstack(&wanted, nullptr) == 0);
  install(
      SIGUSR1,
      [](int) {
        char here = 0;
        stack_t now{};
        REQUIRE_THAT(sigaltstack(nullptr, &now) == 0);
        std::printf("on it: %d %d\n", (now.ss_flags & SS_ONSTACK) != 0,
                    &here >= &memory[0] && &here < &memory[sizeof(memory)]);
      },
      SA_ONSTACK);
  REQUIRE_THAT(raise(SIGUSR1) == 0);
  stack_t off{};
  off.ss_flags = SS_DISABLE;
  stack_t previous{};
  REQUIRE_THAT(sigaltstack(&off, &previous) == 0);
  REQUIRE_THAT(sigaltstack(nullptr, &off) == 0);
  std::printf("was ours: %d, disabled: %d\n", previous.ss_sp == &memory[0],
              off.ss_flags == SS_DISABLE);
  return 0;
}

int jump_out_of_handler() {
  install(SIGUSR1, jump_out);
  static int jumps = 0;
  if (sigsetjmp(landing, 1) != 0) {
    ++jumps;
  }
  if (jumps < 500) {
    REQUIRE_THAT(raise(SIGUSR1) == 0);
  }
  std::printf("%d jumps\n", jumps);
  return 0;
}

int suspend() {
  install(SIGUSR1, call_and_count);
  const sigset_t all = all_signals();
  REQUIRE_THAT(pthread_sigmask(SIG_SETMASK, &all, nullptr) == 0);
  const sigset_t lets_through = all_but(SIGUSR1);
  for (int round = 0; round < 3; ++round) {
    check_interrupted("sigsuspend", [&] { return sigsuspend(&lets_through); });
  }
  return 0;
}

int wait_with_full_masks() {
  install(SIGUSR1, call_and_count);
  const sigset_t all = all_signals();
  REQUIRE_THAT(pthread_sigmask(SIG_SETMASK, &all, nullptr) == 0);
  const sigset_t lets_through = all_but(SIGUSR1);
  const int queue = epoll_create1(0);
  epoll_event event{};
  check_interrupted("ppoll", [&] { return ppoll(nullptr, 0, nullptr, &lets_through); });
  check_interrupted("pselect",
                    [&] { return pselect(0, nullptr, nullptr, nullptr, nullptr, &lets_through); });
  check_interrupted("epoll_pwait",
                    [&] { return epoll_pwait(queue, &event, 1, -1, &lets_through); });
  check_interrupted("epoll_pwait2",
                    [&] { return epoll_pwait2(queue, &event, 1, nullptr, &lets_through); });
  return 0;
}

int timer() {
  install(SIGALRM, call_and_count, SA_RESTART);
  sigevent event{};
  event.sigev_notify = SIGEV_SIGNAL;
  event.sigev_signo = SIGALRM;
  timer_t timer{};
  REQUIRE_THAT(timer_create(CLOCK_MONOTONIC, &event, &timer) == 0);
  const itimerspec often{{0, 200000}, {0, 200000}};
  REQUIRE_THAT(timer_settime(timer, 0, &often, nullptr) == 0);
  while (handled.load() < 50) {
    static_cast<void>(getppid());
  }
  REQUIRE_THAT(timer_delete(timer) == 0);
  std::puts("50 ticks");
  return 0;
}

}  // namespace heddle::tests
