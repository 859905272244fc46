// sanitized WHAT: built once with each sanitizer, and once without.
//   clean   makes calls that sanitizers interpose too, on two threads and a signal stack
//   defect  does the one thing that its sanitizer is there to find
//   start   has a shell start the program that the next argument names, and tells its status
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>

namespace {

int shared_count = 0;

void* count(void* /*unused*/) {
  ++shared_count;
  return nullptr;
}

void run_threads_in_turn() {
  for (int index = 0; index < 2; ++index) {
    pthread_t thread{};
    const int error = pthread_create(&thread, nullptr, count, nullptr);
    std::printf("pthread_create: %d\n", error);
    if (error == 0) {
      pthread_join(thread, nullptr);
    }
  }
  std::printf("%d threads ran\n", shared_count);
}

void use_signal_stack() {
  constexpr std::size_t size = 65536;
  void* const memory =
      mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  std::printf("mmap: %d\n", memory == MAP_FAILED ? errno : 0);
  if (memory == MAP_FAILED) {
    return;
  }
  stack_t stack{};
  stack.ss_sp = memory;
  stack.ss_size = size;
  stack_t old{};
  std::printf("sigaltstack: %d\n", sigaltstack(&stack, &old));
  std::printf("sigaltstack: %d\n", sigaltstack(&old, nullptr));
  std::printf("munmap: %d\n", munmap(memory, size));
}

/// What each does is hidden from the compiler, which would warn, by way of a volatile object. No
/// other tool is to find it now. NOLINTBEGIN
void commit_defect() {
#if defined(DEFECT_ADDRESS)
  char* volatile text = strdup("gone");
  std::free(text);
  std::printf("%d\n", *text == 'g');
#elif defined(DEFECT_UNDEFINED)
  volatile int limit = INT_MAX;
  std::printf("%d\n", limit + 1);
#elif defined(DEFECT_THREAD)
  pthread_t threads[2];
  for (pthread_t& thread : threads) {
    pthread_create(&thread, nullptr, count, nullptr);
  }
  for (const pthread_t thread : threads) {
    pthread_join(thread, nullptr);
  }
#else
  void* volatile lost = std::malloc(77);
  lost = nullptr;
  static_cast<void>(lost);
#endif
}
// NOLINTEND

}  // namespace

int main(int argument_count, char** arguments) {
  const std::string_view what = argument_count > 1 ? arguments[1] : "";
  if (what == "clean") {
    run_threads_in_turn();
    use_signal_stack();
  } else if (what == "defect") {
    // A call that the shim sees, whatever else is installed: what a sanitizer's report calls beyond
    // it depends on the symbolizer that it finds.
    static_cast<void>(sched_yield());
    commit_defect();
  } else if (what == "start" && argument_count == 3) {
    std::printf("status %d\n", WEXITSTATUS(std::system(arguments[2])));
  }
  return 3;
}
