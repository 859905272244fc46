// changes_stacks: yields in a handler on an alternate signal stack, then on a coroutine's stack.
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <ucontext.h>

#include <cstdio>

namespace {

constexpr std::size_t stack_size = std::size_t{64} << 10;

void* new_stack() {
  return mmap(nullptr, stack_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

void handle(int) {
  sched_yield();
  std::puts("handled");
}

ucontext_t main_context, coroutine_context;

void coroutine() {
  sched_yield();
  std::puts("switched");
}

}  // namespace

int main() {
  stack_t stack{};
  stack.ss_sp = new_stack();
  stack.ss_size = stack_size;
  sigaltstack(&stack, nullptr);
  struct sigaction action {};
  action.sa_handler = &handle;
  action.sa_flags = SA_ONSTACK;
  sigaction(SIGUSR1, &action, nullptr);
  raise(SIGUSR1);

  getcontext(&coroutine_context);
  coroutine_context.uc_stack.ss_sp = new_stack();
  coroutine_context.uc_stack.ss_size = stack_size;
  coroutine_context.uc_link = &main_context;
  makecontext(&coroutine_context, &coroutine, 0);
  swapcontext(&main_context, &coroutine_context);
  return 0;
}
