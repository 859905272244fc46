// crashes_or_waits WAY: a process whose stacks are known. It waits for a line on standard input,
// and then does what WAY says: "crash" by a second thread, "abort" by the first, "wait" for ever
// with two threads, "call-nothing" by the first (a null pointer to a function), or "leave". With
// "orphan" the first thread ends, and the second one, when that has been seen, writes a line and
// waits for ever; with "orphan-crash" it crashes at one more line. "make-threads" makes one after
// another, for ever. "execute" makes a second thread, and then is this program again, which aborts
// at one more line. "execute-instead" has the second thread abort and, while a tracer holds that,
// is this program again, which leaves at one more line.
#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

// The second thread waits here until the first is out of pthread_create: within clone3, libc tells
// unwinders that the stack ends.
int created[2];

}  // namespace

extern "C" {

void await_state(const char* file_name, const char* state) {
  char content[512] = "";
  while (std::strstr(content, state) == nullptr) {
    const int file = open(file_name, O_RDONLY);
    static_cast<void>(!read(file, content, sizeof content - 1));
    close(file);
  }
}

void* abort_here(void* thread_id) {
  __atomic_store_n(static_cast<int*>(thread_id), gettid(), __ATOMIC_RELEASE);
  std::abort();
}

__attribute__((noinline)) void wait_in_a_named_function() {
  for (;;) {
    pause();
  }
}

__attribute__((noinline)) int read_through_null(const volatile int* pointer) {
  return *pointer;
}

void (*volatile nothing)() = nullptr;

__attribute__((noinline)) int call_nothing() {
  nothing();
  return 1;
}

__attribute__((noinline)) void* crash(void*) {
  char byte = 0;
  static_cast<void>(!read(created[0], &byte, 1));
  read_through_null(nullptr);
  return nullptr;
}

__attribute__((noinline)) void* wait_for_ever(void*) {
  wait_in_a_named_function();
  return nullptr;
}

__attribute__((noinline)) void* survive(void* way) {
  // Of an ended first thread, the kernel keeps a zombie until the whole process has ended.
  await_state("/proc/self/stat", ") Z ");
  static_cast<void>(!write(STDOUT_FILENO, "!", 1));
  if (std::strcmp(static_cast<const char*>(way), "orphan-crash") == 0) {
    char byte = 0;
    static_cast<void>(!read(STDIN_FILENO, &byte, 1));
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
  if (std::strcmp(way, "call-nothing") == 0) {
    return call_nothing();
  }
  if (std::strcmp(way, "abort") == 0) {
    std::abort();
  }
  if (pipe(created) != 0) {
    return 2;
  }
  pthread_t thread{};
  if (std::strcmp(way, "execute-instead") == 0) {
    int second = 0;
    if (pthread_create(&thread, nullptr, abort_here, &second) != 0) {
      return 2;
    }
    while (__atomic_load_n(&second, __ATOMIC_ACQUIRE) == 0) {
    }
    char file_name[64];
    std::snprintf(file_name, sizeof file_name, "/proc/self/task/%d/stat", second);
    // Much to copy, before the kernel ends the other threads: the tracer has time to see the
    // signal.
    static char text[120'000];
    std::memset(&text[0], '.', sizeof text - 1);
    const char* again[17] = {arguments[0], "leave"};
    std::fill_n(&again[2], 14, &text[0]);
    await_state(file_name, ") t ");
    execv("/proc/self/exe", const_cast<char**>(&again[0]));
    return 2;
  }
  if (std::strcmp(way, "make-threads") == 0) {
    static_cast<void>(!write(STDOUT_FILENO, "!", 1));
    const auto end_at_once = [](void*) -> void* { return nullptr; };
    while (pthread_create(&thread, nullptr, end_at_once, nullptr) == 0) {
      pthread_join(thread, nullptr);
    }
    return 2;
  }
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
  static_cast<void>(!write(created[1], "!", 1));
  if (std::strcmp(way, "execute") == 0) {
    execl("/proc/self/exe", arguments[0], "abort", nullptr);
    return 2;
  }
  if (std::strcmp(way, "wait") == 0) {
    // Both threads are where they stay when this has been read.
    static_cast<void>(!write(STDOUT_FILENO, "!", 1));
    wait_in_a_named_function();
  }
  pthread_join(thread, nullptr);
  return 0;
}
