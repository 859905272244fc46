// crashes_or_waits WAY: a process whose stacks are known. It waits for a line on standard input,
// and then does what WAY says: "crash" by a second thread, "abort" by the first, "wait" for ever
// with two threads, or "leave".
#include <pthread.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>

namespace {

// The second thread waits here until the first is out of pthread_create: within clone3, libc tells
// unwinders that the stack ends.
int created[2];

}  // namespace

extern "C" {

__attribute__((noinline)) void wait_in_a_named_function() {
  for (;;) {
    pause();
  }
}

__attribute__((noinline)) int read_through_null(const volatile int* pointer) {
  return *pointer;
}

__attribute__((noinline)) void* crash(void*) {
  char byte = 0;
  (void)!read(created[0], &byte, 1);
  read_through_null(nullptr);
  return nullptr;
}

__attribute__((noinline)) void* wait_for_ever(void*) {
  wait_in_a_named_function();
  return nullptr;
}

}  // extern "C"

int main(int count, char** arguments) {
  const char* const way = count > 1 ? arguments[1] : "leave";
  char byte = 0;
  if (read(STDIN_FILENO, &byte, 1) != 1 || std::strcmp(way, "leave") == 0) {
    return 3;
  }
  if (std::strcmp(way, "abort") == 0) {
    std::abort();
  }
  if (pipe(created) != 0) {
    return 2;
  }
  pthread_t thread{};
  if (pthread_create(&thread, nullptr, std::strcmp(way, "crash") == 0 ? crash : wait_for_ever,
                     nullptr) != 0) {
    return 2;
  }
  (void)!write(created[1], "!", 1);
  if (std::strcmp(way, "wait") == 0) {
    // Both threads are where they stay when this has been read.
    (void)!write(STDOUT_FILENO, "!", 1);
    wait_in_a_named_function();
  }
  pthread_join(thread, nullptr);
  return 0;
}
