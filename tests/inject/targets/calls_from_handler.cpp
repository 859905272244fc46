// calls_from_handler: makes a call over and over, and the same call once in a handler: early in the
// first call, a few instructions later in the second, and so on to its end. So hardly a place is
// left out at which a handler may come in. Then makes many calls undisturbed, and prints how many
// there were.
#include <sched.h>
#include <signal.h>
#include <ucontext.h>
#include <x86intrin.h>

#include <cstdio>

namespace {

constexpr int stride = 17;  // each single instruction of an unoptimised call would take seconds
constexpr unsigned long long trap_flag = 0x100;  // of the processor: SIGTRAP after each instruction
volatile long calls = 0;
volatile long instructions = 0;
volatile long interrupted = 0;  // the instruction after which the handler makes its call

void handle(int, siginfo_t*, void* context) {
  instructions = instructions + 1;
  if (instructions == interrupted) {
    sched_yield();
    calls = calls + 1;
    static_cast<ucontext_t*>(context)->uc_mcontext.gregs[REG_EFL] &= ~static_cast<long>(trap_flag);
  }
}

void call_step_by_step() {
  instructions = 0;
  __writeeflags(__readeflags() | trap_flag);
  sched_yield();
  __writeeflags(__readeflags() & ~trap_flag);
  calls = calls + 1;
}

}  // namespace

int main() {
  struct sigaction action {};
  action.sa_sigaction = &handle;
  action.sa_flags = SA_SIGINFO;
  sigaction(SIGTRAP, &action, nullptr);
  do {
    interrupted = interrupted + stride;
    call_step_by_step();
  } while (instructions >= interrupted);
  for (int index = 0; index < 2000; ++index) {
    sched_yield();
    calls = calls + 1;
  }
  std::printf("%ld\n", calls);
  return 0;
}
