// Signal masks, handlers, and stacks of handlers; SIGSYS, which the raw layer lives on.
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <cstdio>
#include <thread>
#include <vector>

#include "../../targets/performed_call.hpp"
#include "scenario.hpp"

namespace heddle::tests {
namespace {

/// Those that POSIX or the kernel allow in a handler, and that need no thread of their own.
constexpr const char* calls_of_handlers[] = {
    "mmap",      "mprotect",    "munmap",        "mremap",     "madvise", "sigaction",
    "nanosleep", "sched_yield", "futex.requeue", "futex.wake", "prctl",   "syscall"};

volatile sig_atomic_t failures = 0;
volatile sig_atomic_t handled = 0;

void call_everything(int /*signal*/) {
  for (const char* call : calls_of_handlers) {
    failures = failures + (perform(call) != 0 ? 1 : 0);
  }
  handled = handled + 1;
}

void handle(int signal, int flags) {
  struct sigaction action {};
  action.sa_handler = call_everything;
  action.sa_flags = flags;
  std::printf("sigaction: %d\n", sigaction(signal, &action, nullptr));
}

int tell() {
  std::printf("handled %d times, %d calls failed\n", static_cast<int>(handled),
              static_cast<int>(failures));
  return 5;
}

int call_on_alternate_stack(std::size_t size) {
  std::vector<char> memory(size);
  stack_t stack{};
  stack.ss_sp = memory.data();
  stack.ss_size = memory.size();
  std::printf("sigaltstack: %d\n", sigaltstack(&stack, nullptr));
  handle(SIGUSR1, SA_ONSTACK);
  raise(SIGUSR1);
  stack_t current{};
  std::printf("sigaltstack: %d\n", sigaltstack(nullptr, &current));
  std::printf("kept: %d\n", current.ss_sp == stack.ss_sp && current.ss_size == stack.ss_size);
  stack.ss_flags = SS_DISABLE;
  std::printf("sigaltstack: %d\n", sigaltstack(&stack, nullptr));
  return tell();
}

bool blocks_everything() {
  sigset_t blocked;
  return pthread_sigmask(SIG_SETMASK, nullptr, &blocked) == 0 &&
         sigismember(&blocked, SIGUSR1) == 1 && sigismember(&blocked, SIGSYS) == 1;
}

}  // namespace

int call_with_full_masks() {
  handle(SIGUSR1, 0);
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, nullptr);
  bool kept[4] = {};
  std::vector<std::thread> threads;
  for (bool& keeps : kept) {
    threads.emplace_back([&keeps] {
      raise(SIGUSR1);  // pending from here on
      perform_every_call();
      keeps = blocks_everything();
    });
    threads.back().join();
  }
  std::printf("kept: %d %d %d %d %d\n", kept[0], kept[1], kept[2], kept[3], blocks_everything());
  return tell();
}

int call_in_handlers() {
  handle(SIGUSR1, 0);
  raise(SIGUSR1);
  std::thread([] { raise(SIGUSR1); }).join();
  return tell();
}

int call_in_handler_on_alternate_stack() {
  return call_on_alternate_stack(256 << 10);
}

// What the kernel's frame takes, and what POSIX once took for enough: programs count on no more.
int call_in_handler_on_smallest_stack() {
  return call_on_alternate_stack(static_cast<std::size_t>(sysconf(_SC_MINSIGSTKSZ)) + 6144);
}

int handle_sigsys() {
  handle(SIGSYS, 0);
  raise(SIGSYS);
  perform_every_call();
  raise(SIGSYS);
  return tell();
}

}  // namespace heddle::tests
