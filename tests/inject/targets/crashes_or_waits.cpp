// crashes_or_waits WAY: a process whose stacks are known. It waits for a line on standard input,
// and then does what WAY says: "crash" by a second thread, "abort" by the first, "wait" for ever
// with two threads, or "leave". With "orphan" the first thread ends, and the second one, when that
// has been seen, writes a line and waits for ever; with "orphan-crash" it crashes at one more line.
// "execute" makes a second thread, and then is this program again, which aborts at one more line.
#include <fcntl.h>
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

__attribute__((noinline)) void* survive(void* way) {
  // Of an ended first thread, the kernel keeps a zombie until the whole process has ended.
  char state[512] = "";
  while (std::strstr(state, ") Z ") == nullptr) {
    const int file = open("/proc/self/stat", O_RDONLY);
    (void)!read(file, state, sizeof state - 1);
    close(file);
  }
  (void)!write(STDOUT_FILENO, "!", 1);
  if (std::strcmp(static_cast<const char*>(way), "orphan-crash") == 0) {
    char byte = 0;
    (void)!read(STDIN_FILENO, &byte, 1);
    read_through_null(nullptr);
  }
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
  if (std::strncmp(way, "orphan", 6) == 0) {
    if (pthread_create(&thread, nullptr, survive, arguments[1]) != 0) {
      return 2;
    }
    pthread_exit(nullptr);
  }
  if (pthread_create(&thread, nullptr, std::strcmp(way, "crash") == 0 ? crash : wait_for_ever,
                     nullptr) != 0) {
    return 2;
  }
  (void)!write(created[1], "!", 1);
  if (std::strcmp(way, "execute") == 0) {
    execl("/proc/self/exe", arguments[0], "abort", nullptr);
    return 2;
  }
  if (std::strcmp(way, "wait") == 0) {
    // Both threads are where they stay when this has been read.
    (void)!write(STDOUT_FILENO, "!", 1);
    wait_in_a_named_function();
  }
  pthread_join(thread, nullptr);
  return 0;
}
