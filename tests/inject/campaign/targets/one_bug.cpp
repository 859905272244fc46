// one_bug.cpp: small threaded programs, each with one bug about a call that fails. The first
// argument chooses one. Each prints "done" when it has done its work.
#include <fcntl.h>
#include <linux/futex.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "scenario.hpp"

namespace {

void* return_at_once(void* argument) {
  return argument;
}

int done() {
  std::puts("done");
  return 0;
}

int fail(const char* what) {
  std::fprintf(stderr, "%s failed\n", what);
  return 1;
}

/// No bug: what fails is reported.
int reports() {
  pthread_t thread{};
  if (pthread_create(&thread, nullptr, return_at_once, nullptr) != 0) {
    return fail("pthread_create");
  }
  pthread_join(thread, nullptr);
  return done();
}

/// Takes a thread for granted, and follows a pointer that only it would have set.
int crashes() {
  static int* result = nullptr;
  static int value = 0;
  pthread_t thread{};
  const auto set = [](void*) -> void* {
    result = &value;
    return nullptr;
  };
  const bool made = pthread_create(&thread, nullptr, set, nullptr) == 0;
  if (made) {
    pthread_join(thread, nullptr);
  }
  *static_cast<volatile int*>(result) = 1;
  return done();
}

/// Asserts what it cannot know.
int aborts() {
  pthread_t thread{};
  if (pthread_create(&thread, nullptr, return_at_once, nullptr) != 0) {
    std::fputs("assertion failed: a thread can always be made\n", stderr);
    std::abort();
  }
  pthread_join(thread, nullptr);
  return done();
}

/// Waits for a thread that was never made.
int hangs() {
  static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  static pthread_cond_t arrival = PTHREAD_COND_INITIALIZER;
  static bool arrived = false;
  pthread_t thread{};
  const auto arrive = [](void*) -> void* {
    pthread_mutex_lock(&mutex);
    arrived = true;
    pthread_cond_signal(&arrival);
    pthread_mutex_unlock(&mutex);
    return nullptr;
  };
  const bool made = pthread_create(&thread, nullptr, arrive, nullptr) == 0;
  pthread_mutex_lock(&mutex);
  while (!arrived) {
    pthread_cond_wait(&arrival, &mutex);
  }
  pthread_mutex_unlock(&mutex);
  if (made) {
    pthread_join(thread, nullptr);
  }
  return done();
}

/// Never gives up, and never rests.
int spins() {
  pthread_t thread{};
  while (pthread_create(&thread, nullptr, return_at_once, nullptr) != 0) {
  }
  pthread_join(thread, nullptr);
  return done();
}

/// Takes an interrupted wait for the wake-up.
int misreads_interruption() {
  static int word = 0;
  // Without a handler no wait is ever interrupted.
  signal(SIGUSR1, [](int) {});
  pthread_t thread{};
  const auto wake = [](void*) -> void* {
    __atomic_store_n(&word, 1, __ATOMIC_RELEASE);
    syscall(SYS_futex, &word, FUTEX_WAKE, 1, nullptr, nullptr, 0);
    return nullptr;
  };
  // The thread is made behind the wait, so the wait is always made: with a time limit.
  const timespec limit{0, 20'000'000};
  const bool timed_out =
      syscall(SYS_futex, &word, FUTEX_WAIT, 0, &limit, nullptr, 0) != 0 && errno == ETIMEDOUT;
  if (pthread_create(&thread, nullptr, wake, nullptr) != 0) {
    return fail("pthread_create");
  }
  pthread_join(thread, nullptr);
  std::puts(timed_out ? "waited" : "woken");
  return done();
}

/// Leaves a file open when the second thing that it needs cannot be had.
int leaks_descriptor() {
  const int file = open("/dev/null", O_RDONLY | O_CLOEXEC);
  pthread_t thread{};
  if (pthread_create(&thread, nullptr, return_at_once, nullptr) == 0) {
    pthread_join(thread, nullptr);
    close(file);
  }
  return done();
}

/// Tries once more, and leaves that thread to itself. It blocks, or sleeps, and then ends.
int retries_detached(void* (*routine)(void*)) {
  pthread_t thread{};
  if (pthread_create(&thread, nullptr, return_at_once, nullptr) == 0) {
    pthread_join(thread, nullptr);
  } else if (pthread_create(&thread, nullptr, routine, nullptr) == 0) {
    pthread_detach(thread);
  }
  return done();
}

int leaks_thread() {
  return retries_detached([](void*) -> void* {
    for (;;) {
      pause();
    }
  });
}

/// No bug: the thread is not there for long.
int ends_thread_late() {
  return retries_detached([](void*) -> void* {
    usleep(30000);
    return nullptr;
  });
}

/// Keeps a mapping when its thread is refused.
int leaks_mapping_at(void* address, int flags) {
  constexpr std::size_t size = 65536;
  void* const memory =
      mmap(address, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | flags, -1, 0);
  if (memory == MAP_FAILED) {
    return fail("mmap");
  }
  pthread_t thread{};
  if (pthread_create(&thread, nullptr, return_at_once, nullptr) == 0) {
    pthread_join(thread, nullptr);
    munmap(memory, size);
  }
  return done();
}

int leaks_mapping() {
  return leaks_mapping_at(nullptr, 0);
}

/// Has another thread do the work, which goes on when the first one has ended.
int after_main(void* (*work)(void*)) {
  static pthread_t first;
  first = pthread_self();
  pthread_t thread{};
  const auto wait_and_work = [](void* argument) -> void* {
    pthread_join(first, nullptr);
    return reinterpret_cast<void* (*)(void*)>(argument)(nullptr);
  };
  if (pthread_create(&thread, nullptr, wait_and_work, reinterpret_cast<void*>(work)) != 0) {
    return fail("pthread_create");
  }
  pthread_detach(thread);
  pthread_exit(nullptr);
}

int leaks_descriptor_after_main() {
  return after_main([](void*) -> void* {
    leaks_descriptor();
    return nullptr;
  });
}

int leaks_mapping_after_main() {
  return after_main([](void*) -> void* {
    leaks_mapping();
    return nullptr;
  });
}

char variables[16384];  // more than fit behind those that have initial values
extern "C" char end;    // of all of them, where the linker puts it

/// The same, of memory that the kernel makes one mapping of with the program's variables.
int leaks_beside_variables() {
  constexpr std::uintptr_t page = 4096;
  *static_cast<volatile char*>(&variables[0]) = 1;
  const auto after = (reinterpret_cast<std::uintptr_t>(&end) + page - 1) / page * page;
  return leaks_mapping_at(reinterpret_cast<void*>(after), MAP_FIXED_NOREPLACE);
}

constexpr std::size_t page_size = 4096;

void* map_pages(int count, int flags) {
  return mmap(nullptr, static_cast<std::size_t>(count) * page_size, PROT_READ | PROT_WRITE,
              flags | MAP_ANONYMOUS, -1, 0);
}

/// No bug: it holds until its end what it always holds, in another form.
int shares_or_not() {
  void* memory = map_pages(8, MAP_SHARED);
  if (memory == MAP_FAILED) {
    memory = map_pages(8, MAP_PRIVATE);
  }
  return memory == MAP_FAILED ? fail("mmap") : done();
}

/// No bug: it tries with a page whether it can map a file of memory, and shares all or nothing.
int shares_all_or_nothing() {
  constexpr int pages = 32;
  const int file = memfd_create("pool", MFD_CLOEXEC);
  if (file < 0 || ftruncate(file, pages * page_size) != 0) {
    return fail("memfd_create");
  }
  void* const page = mmap(nullptr, page_size, PROT_READ, MAP_SHARED, file, 0);
  void* const memory = page != MAP_FAILED ? mmap(nullptr, pages * page_size, PROT_READ | PROT_WRITE,
                                                 MAP_SHARED, file, 0)
                                          : map_pages(pages, MAP_PRIVATE);
  return memory == MAP_FAILED ? fail("mmap") : done();
}

/// Goes on without the guard below its memory.
int goes_unguarded() {
  void* const memory = map_pages(3, MAP_PRIVATE);
  if (memory == MAP_FAILED) {
    return fail("mmap");
  }
  static_cast<void>(mprotect(memory, page_size, PROT_NONE));
  return done();
}

/// Gives its memory back only when that had a guard.
int leaks_unguarded() {
  void* const memory = map_pages(3, MAP_PRIVATE);
  if (memory == MAP_FAILED) {
    return fail("mmap");
  }
  if (mprotect(memory, page_size, PROT_NONE) == 0) {
    munmap(memory, 3 * page_size);
  }
  return done();
}

/// Says what has failed, where it says everything.
int complains_on_output() {
  pthread_t thread{};
  if (pthread_create(&thread, nullptr, return_at_once, nullptr) == 0) {
    pthread_join(thread, nullptr);
  } else {
    std::puts("warning: no thread");
  }
  return done();
}

/// Does with fewer threads what it was asked to do with two, and does not say so.
int degrades() {
  // The compiler must not know it, or it would make two call sites of the loop.
  volatile int wanted = 2;
  for (int number = 0; number < wanted; ++number) {
    pthread_t thread{};
    if (pthread_create(&thread, nullptr, return_at_once, nullptr) == 0) {
      pthread_join(thread, nullptr);
    }
  }
  return done();
}

/// Tries three times, and crashes when that was not enough.
int retries_twice() {
  for (int attempt = 0; attempt < 3; ++attempt) {
    pthread_t thread{};
    if (pthread_create(&thread, nullptr, return_at_once, nullptr) == 0) {
      pthread_join(thread, nullptr);
      return done();
    }
  }
  std::abort();
}

/// Does its work in a child, and crashes there; a grandchild goes on for ever, holding the output.
int crashes_in_child() {
  const pid_t child = fork();
  if (child == 0) {
    if (fork() == 0) {
      for (;;) {
        pause();
      }
    }
    pthread_t thread{};
    if (pthread_create(&thread, nullptr, return_at_once, nullptr) != 0) {
      std::abort();
    }
    pthread_join(thread, nullptr);
    std::puts("done");
    std::fflush(stdout);
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 3;
}

/// No bug, but a program that takes all descriptors from whoever started it.
int closes_descriptors() {
  for (int descriptor = 3; descriptor < 1024; ++descriptor) {
    close(descriptor);
  }
  return reports();
}

/// Copies its standard input.
int copies_input() {
  char buffer[256];
  const ssize_t size = read(STDIN_FILENO, buffer, sizeof buffer);
  if (size < 0 || fwrite(buffer, 1, static_cast<std::size_t>(size), stdout) == 0) {
    return fail("read");
  }
  return reports();
}

/// Refuses to overwrite what an earlier run has left.
int writes_file() {
  const int file = open("result", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (file < 0) {
    return fail("open");
  }
  close(file);
  return reports();
}

/// Goes on without its thread, which it mentions from the second time on: when there is the file
/// that it makes in the folder for temporary ones.
int degrades_at_first() {
  pthread_t thread{};
  if (pthread_create(&thread, nullptr, return_at_once, nullptr) == 0) {
    pthread_join(thread, nullptr);
    return done();
  }
  const char* const path = std::getenv("TMPDIR");
  if (path == nullptr) {
    return fail("TMPDIR");
  }
  const int folder = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
  const int file = openat(folder, "degraded", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (file < 0) {
    std::fputs("no thread\n", stderr);
  }
  close(file);
  close(folder);
  return done();
}

/// A server: says that it is ready, and runs until it is told to stop. Its client gets "pong" from
/// a file, if there is a thread to write it.
int serves() {
  std::puts("ready");
  std::fflush(stdout);
  pthread_t thread{};
  const auto answer = [](void*) -> void* {
    const int file = open("answer", O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
    static_cast<void>(!write(file, "pong\n", 5));
    close(file);
    return nullptr;
  };
  if (pthread_create(&thread, nullptr, answer, nullptr) == 0) {
    pthread_join(thread, nullptr);
  }
  for (;;) {
    pause();
  }
}

/// A second fault's place, which only the first one leads to: its own fallback is not checked.
int falls_back() {
  pthread_t thread{};
  if (pthread_create(&thread, nullptr, return_at_once, nullptr) == 0) {
    pthread_join(thread, nullptr);
    return done();
  }
  void* const memory =
      mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  *static_cast<volatile int*>(memory) = 1;
  munmap(memory, 4096);
  std::fputs("no thread: done without\n", stderr);
  return done();
}

/// No bug, but its output is another one each time that it is executed.
int prints_address() {
  const int result = reports();
  std::printf("%p\n", static_cast<const void*>(&result));
  return result;
}

/// What nobody should do: when its thread is refused, it kills its parent's parent.
int kills_its_tool() {
  pthread_t thread{};
  if (pthread_create(&thread, nullptr, return_at_once, nullptr) == 0) {
    pthread_join(thread, nullptr);
    return done();
  }
  char path[64];
  std::snprintf(path, sizeof path, "/proc/%d/stat", getppid());
  std::FILE* const stat = std::fopen(path, "r");
  int grandparent = 0;
  if (stat == nullptr || std::fscanf(stat, "%*d %*s %*c %d", &grandparent) != 1) {
    return fail("/proc");
  }
  kill(grandparent, SIGKILL);
  return done();
}

constexpr Scenario programs[] = {
    {"reports", reports},
    {"crashes", crashes},
    {"aborts", aborts},
    {"hangs", hangs},
    {"spins", spins},
    {"misreads-interruption", misreads_interruption},
    {"leaks-descriptor", leaks_descriptor},
    {"leaks-thread", leaks_thread},
    {"ends-thread-late", ends_thread_late},
    {"leaks-mapping", leaks_mapping},
    {"leaks-descriptor-after-main", leaks_descriptor_after_main},
    {"leaks-mapping-after-main", leaks_mapping_after_main},
    {"leaks-beside-variables", leaks_beside_variables},
    {"shares-or-not", shares_or_not},
    {"shares-all-or-nothing", shares_all_or_nothing},
    {"goes-unguarded", goes_unguarded},
    {"leaks-unguarded", leaks_unguarded},
    {"complains-on-output", complains_on_output},
    {"degrades", degrades},
    {"retries-twice", retries_twice},
    {"crashes-in-child", crashes_in_child},
    {"closes-descriptors", closes_descriptors},
    {"copies-input", copies_input},
    {"writes-file", writes_file},
    {"degrades-at-first", degrades_at_first},
    {"serves", serves},
    {"falls-back", falls_back},
    {"prints-address", prints_address},
    {"kills-its-tool", kills_its_tool},
};

}  // namespace

int main(int argument_count, char** arguments) {
  return run_scenario(programs, argument_count, arguments);
}
