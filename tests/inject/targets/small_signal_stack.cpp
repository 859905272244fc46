// small_signal_stack: yields in a handler whose alternate stack has 6 KiB besides the signal's
// frame, and nothing below.
#include <sched.h>
#include <signal.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdio>

namespace {

constexpr size_t kPage = 4096;
constexpr size_t kRoom = size_t{6} << 10;

void handle(int) {
  sched_yield();
}

}  // namespace

int main() {
  const size_t size = getauxval(AT_MINSIGSTKSZ) + kRoom;
  const size_t pages = (size + kPage - 1) / kPage * kPage;
  char* const mapping = static_cast<char*>(
      mmap(nullptr, kPage + pages, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  if (mapping == MAP_FAILED || mprotect(mapping, kPage, PROT_NONE) != 0) {
    return 1;
  }
  stack_t stack{};
  stack.ss_sp = mapping + kPage;
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
