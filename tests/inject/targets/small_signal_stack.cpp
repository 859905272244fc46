// small_signal_stack: yields in a handler whose alternate stack has 6 KiB besides the signal's
// frame, and nothing below.
#include <sched.h>
#include <signal.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdio>

namespace {

constexpr std::size_t page = 4096;
constexpr std::size_t room = std::size_t{6} << 10;

void handle(int) {
  sched_yield();
}

}  // namespace

int main() {
  const std::size_t size = getauxval(AT_MINSIGSTKSZ) + room;
  const std::size_t pages = (size + page - 1) / page * page;
  char* const mapping = static_cast<char*>(
      mmap(nullptr, page + pages, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  if (mapping == MAP_FAILED || mprotect(mapping, page, PROT_NONE) != 0) {
    return 1;
  }
  stack_t stack{};
  stack.ss_sp = mapping + page;
  stack.ss_size = size;
  struct sigaction action {};
  action.sa_handler = &handle;
  action.sa_flags = SA_ONSTACK;
  if (sigaltstack(&stack, nullptr) != 0 || sigaction(SIGUSR1, &action, nullptr) != 0) {
    return 1;
  }
  raise(SIGUSR1);
  std::puts("handled");
  return 0;
}
