// System calls that nothing but the raw layer can see, and those that would trip a handler.
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>

#include "scenario.hpp"

namespace heddle::tests {
namespace {

constexpr long nowhere = 8;
constexpr std::size_t stack_size = 65536;

char* new_stack() {
  void* const memory =
      mmap(nullptr, stack_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  REQUIRE_THAT(memory != MAP_FAILED);
  return static_cast<char*>(memory);
}

/// A thread that libc knows nothing of. `routine` runs on the new stack and must not come back.
void start_bare_thread(long flags, char* stack, long thread_storage, void (*routine)()) {
  register long storage_register __asm__("r8") = thread_storage;
  register auto routine_register __asm__("r12") = routine;
  long result = SYS_clone;
  __asm__ volatile(
      "syscall\n\ttest %%rax, %%rax\n\tjnz 1f\n\txor %%ebp, %%ebp\n\tcall *%%r12\n\thlt\n1:"
      : "+a"(result)
      : "D"(flags), "S"(stack + stack_size), "d"(0L), "r"(storage_register), "r"(routine_register)
      : "rcx", "r10", "r11", "memory");
  REQUIRE_THAT(result > 0);
}

constexpr long thread_flags =
    CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM;

char* bare_stack = nullptr;
std::atomic<int> bare_thread_done{0};

/// What a detached thread does at its end in other C libraries: no stack is left to come back to.
[[noreturn]] void unmap_and_exit() {
  bare_thread_done.store(1);
  __asm__ volatile("syscall\n\tmov %1, %%eax\n\txor %%edi, %%edi\n\tsyscall\n\thlt"
                   :
                   : "a"(SYS_munmap), "i"(SYS_exit), "D"(bare_stack), "S"(stack_size)
                   : "rcx", "r11", "memory");
  __builtin_unreachable();
}

/// Thread-local storage of its own making, which the shim must not write to.
alignas(64) unsigned long foreign_storage[64];

[[noreturn]] void call_and_exit() {
  bare_thread_done.store(static_cast<int>(inline_system_call(SYS_getpid)));
  static_cast<void>(inline_system_call(SYS_exit));
  __builtin_unreachable();
}

}  // namespace

int inline_calls() {
  for (int index = 0; index < 5; ++index) {
    const long parent = inline_system_call(SYS_getppid);
    std::printf(parent < 0 ? "%ld\n" : "parent\n", parent);
  }
  std::printf("%ld\n", inline_system_call(100000));
  return 0;
}

int bad_pointers() {
  std::printf("%ld %ld %ld %ld %ld\n",
              inline_system_call(SYS_rt_sigprocmask, SIG_SETMASK, nowhere, 0, 8),
              inline_system_call(SYS_rt_sigaction, SIGUSR1, nowhere, 0, 8),
              inline_system_call(SYS_rt_sigaction, SIGSYS, nowhere, 0, 8),
              inline_system_call(SYS_rt_sigsuspend, nowhere, 8),
              inline_system_call(SYS_clone3, nowhere, 64));
  unsigned long all = ~0UL;
  std::printf(
      "%ld %ld\n", inline_system_call(SYS_rt_sigprocmask, 77, reinterpret_cast<long>(&all), 0, 8),
      inline_system_call(SYS_rt_sigprocmask, SIG_BLOCK, reinterpret_cast<long>(&all), 0, 4));
  return 0;
}

int compatible_call() {
  long result = 20;  // getpid, in the 32-bit interface
  __asm__ volatile("int $0x80" : "+a"(result) : : "memory");
  // A kernel without that interface has raised SIGSEGV.
  std::puts(result == getpid() ? "same" : "different");
  return 0;
}

int own_dispatch() {
  constexpr int set_dispatch = 59;
  constexpr int off = 0;
  for (int round = 0; round < 2; ++round) {
    const int result = prctl(set_dispatch, off, 0, 0, 0);
    std::printf("%d %d\n", result, result == 0 ? 0 : errno);
  }
  return 0;
}

int many_places() {
  constexpr std::size_t places = 5000;
  // mov $39 (SYS_getpid), %eax; syscall; ret
  const unsigned char code[] = {0xb8, 39, 0, 0, 0, 0x0f, 0x05, 0xc3};
  void* const memory = mmap(nullptr, places * sizeof(code), PROT_READ | PROT_WRITE,
                            MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  REQUIRE_THAT(memory != MAP_FAILED);
  auto* const bytes = static_cast<unsigned char*>(memory);
  for (std::size_t place = 0; place < places; ++place) {
    std::memcpy(bytes + place * sizeof(code), &code[0], sizeof(code));
  }
  REQUIRE_THAT(mprotect(memory, places * sizeof(code), PROT_READ | PROT_EXEC) == 0);
  for (std::size_t place = 0; place < places; ++place) {
    const auto call = reinterpret_cast<int (*)()>(bytes + place * sizeof(code));
    REQUIRE_THAT(call() == getpid());
  }
  std::printf("%zu places\n", places);
  return 0;
}

int unmap_own_stack() {
  bare_stack = new_stack();
  start_bare_thread(thread_flags, bare_stack, 0, unmap_and_exit);
  while (bare_thread_done.load() == 0) {
    static_cast<void>(sched_yield());
  }
  // mincore fails once the stack is gone.
  unsigned char resident[stack_size / 4096];
  while (mincore(bare_stack, stack_size, &resident[0]) == 0) {
    static_cast<void>(sched_yield());
  }
  std::puts("unmapped");
  return 0;
}

int foreign_thread_storage() {
  char* const stack = new_stack();
  start_bare_thread(thread_flags | CLONE_SETTLS, stack,
                    reinterpret_cast<long>(&foreign_storage[32]), call_and_exit);
  while (bare_thread_done.load() == 0) {
    static_cast<void>(sched_yield());
  }
  unsigned long changed = 0;
  for (const unsigned long word : foreign_storage) {
    changed |= word;
  }
  std::printf("same process: %d, storage changed: %lu\n", bare_thread_done.load() == getpid(),
              changed);
  return 0;
}

}  // namespace heddle::tests
