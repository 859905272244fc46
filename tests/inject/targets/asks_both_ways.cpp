// asks_both_ways: makes a call of one row once, either such that it has what one of its errnos
// needs or such that it has not, and prints what came of it. `asks_both_ways ROW NEED
// with|without`.
#include <limits.h>
#include <linux/futex.h>
#include <linux/sched.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace {

constexpr std::size_t page = 4096;
constexpr int read_write = PROT_READ | PROT_WRITE;
constexpr timespec moment{0, 1};

/// A mapping of three pages that merges with no other, as its neighbours have other rights.
char* three_pages() {
  char* const pages =
      static_cast<char*>(mmap(nullptr, 5 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  mmap(pages + page, 3 * page, read_write, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
  return pages + page;
}

void* nothing(void*) {
  return nullptr;
}

int create(bool with, bool scheduling) {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  if (scheduling && with) {
    pthread_attr_setinheritsched(&attributes, PTHREAD_EXPLICIT_SCHED);
  }
  pthread_t thread{};
  return pthread_create(&thread, scheduling || with ? &attributes : nullptr, &nothing, nullptr);
}

int join(bool with) {
  pthread_t thread = pthread_self();
  if (!with) {
    pthread_create(&thread, nullptr, &nothing, nullptr);
  }
  return pthread_join(thread, nullptr);
}

int set_specific(bool with) {
  constexpr pthread_key_t first_far_key = 32;
  pthread_key_t key{};
  do {
    pthread_key_create(&key, nullptr);
  } while (with && key < first_far_key);
  return pthread_setspecific(key, &key);
}

int set_stack(bool with) {
  constexpr std::size_t size = 256 << 10;
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  void* const memory = mmap(nullptr, size, read_write, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return pthread_attr_setstack(&attributes, memory, with ? size / 4 : size);
}

int set_stack_size(bool with) {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  return pthread_attr_setstacksize(&attributes, with ? 16 << 10 : 1 << 20);
}

/// The priority is one of the real-time policies.
int set_priority(bool with) {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setschedpolicy(&attributes, with ? SCHED_OTHER : SCHED_RR);
  constexpr sched_param parameters{99};
  return pthread_attr_setschedparam(&attributes, &parameters);
}

int initialise_semaphore(bool with) {
  sem_t semaphore;
  return sem_init(&semaphore, 0, with ? SEM_VALUE_MAX + 1U : SEM_VALUE_MAX);
}

int protect(bool with) {
  char* const pages = three_pages();
  return mprotect(pages, with ? page : 3 * page, PROT_READ);
}

int make_executable(bool with) {
  return mprotect(three_pages(), 3 * page, with ? PROT_READ | PROT_EXEC : PROT_READ);
}

int unmap(bool with) {
  char* const pages = three_pages();
  return with ? munmap(pages + page, page) : munmap(pages, 3 * page);
}

int remap(bool with) {
  char* const pages = three_pages();
  return mremap(pages, 3 * page, with ? 4 * page : 2 * page, MREMAP_MAYMOVE) == MAP_FAILED ? -1 : 0;
}

int advise_parts(bool with) {
  char* const pages = three_pages();
  return madvise(pages, with ? page : 3 * page, MADV_DONTFORK);
}

int advise_pages(bool with) {
  return madvise(three_pages(), 3 * page, with ? MADV_WILLNEED : MADV_DONTNEED);
}

int map(bool with, int needed_flags) {
  const int flags = with ? needed_flags : MAP_PRIVATE | MAP_ANONYMOUS;
  return mmap(nullptr, page, PROT_READ, flags, -1, 0) == MAP_FAILED ? -1 : 0;
}

int map_code(bool with) {
  return mmap(nullptr, page, with ? PROT_READ | PROT_EXEC : PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS,
              -1, 0) == MAP_FAILED
             ? -1
             : 0;
}

int install_signal_stack(bool with) {
  static char memory[64 << 10];
  stack_t stack{};
  stack.ss_sp = &memory[0];
  stack.ss_size = with ? 8 << 10 : sizeof memory;
  return sigaltstack(&stack, nullptr);
}

int result_of_handler = 0;

void exchange_stack(int) {
  stack_t stack{};
  stack.ss_flags = SS_DISABLE;
  result_of_handler = sigaltstack(&stack, nullptr);
}

/// Without the flag the handler runs on the thread's own stack.
int exchange_in_handler(bool with) {
  static char memory[64 << 10];
  stack_t stack{};
  stack.ss_sp = &memory[0];
  stack.ss_size = sizeof memory;
  syscall(SYS_sigaltstack, &stack, nullptr);
  struct sigaction action {};
  action.sa_handler = &exchange_stack;
  action.sa_flags = with ? SA_ONSTACK : 0;
  sigaction(SIGUSR1, &action, nullptr);
  raise(SIGUSR1);
  return result_of_handler;
}

void install_handler(int flags) {
  struct sigaction action {};
  action.sa_handler = [](int) {};
  action.sa_flags = flags;
  sigaction(SIGUSR1, &action, nullptr);
}

int sleep_shortly(bool with) {
  // Faults come from the thread itself: their handlers interrupt no sleep.
  if (with) {
    install_handler(SA_RESTART);
  } else {
    signal(SIGSEGV, [](int) { _exit(9); });
  }
  return nanosleep(&moment, nullptr);
}

int sleep_by_clock(bool with) {
  if (with) {
    install_handler(SA_RESTART);
  }
  return clock_nanosleep(CLOCK_MONOTONIC, 0, &moment, nullptr);
}

int sleep_by_other_clock(bool with) {
  return clock_nanosleep(with ? CLOCK_MONOTONIC_RAW : CLOCK_MONOTONIC, 0, &moment, nullptr);
}

long futex(std::uint32_t& word, int operation, std::uint32_t value, const timespec* limit = nullptr,
           std::uint32_t last = 0) {
  static std::uint32_t other_word = 0;
  return syscall(SYS_futex, &word, operation, value, limit, &other_word, last);
}

/// The word is another one, so that what is passed on returns at once.
long wait_with_handler(bool with) {
  std::uint32_t word = 0;
  install_handler(with ? 0 : SA_RESTART);
  return futex(word, FUTEX_WAIT_PRIVATE, 1);
}

/// One that finds its value, and its end by its limit.
long wait_for_value(bool with) {
  std::uint32_t word = 0;
  return futex(word, FUTEX_WAIT_PRIVATE, with ? 1 : 0, &moment);
}

long wait_with_limit(bool with) {
  std::uint32_t word = 0;
  return futex(word, FUTEX_WAIT_PRIVATE, 1, with ? &moment : nullptr);
}

long requeue(bool with) {
  std::uint32_t word = 0;
  return futex(word, FUTEX_CMP_REQUEUE, 1, nullptr, with ? 1 : 0);
}

/// Held by nobody, or by the first thread of all processes, to which no lock belongs.
long lock_of(std::uint32_t owner, int operation = FUTEX_TRYLOCK_PI) {
  std::uint32_t word = owner;
  return futex(word, operation, 0);
}

long lock_with_limit(bool with) {
  std::uint32_t word = 0;
  return futex(word, FUTEX_LOCK_PI, 0, with ? &moment : nullptr);
}

/// The child of one that is passed on ends at once.
long after_clone(long process) {
  if (process == 0) {
    _exit(0);
  }
  return process < 0 ? -1 : 0;
}

long clone_process(bool with) {
  return after_clone(syscall(SYS_clone, SIGCHLD | (with ? CLONE_NEWUTS : 0), 0L, 0L, 0L, 0L));
}

long clone3_process(bool with) {
  clone_args arguments{};
  arguments.exit_signal = SIGCHLD;
  arguments.flags = with ? CLONE_NEWUTS : 0;
  return after_clone(syscall(SYS_clone3, &arguments, sizeof arguments));
}

struct Question {
  std::string_view row, need;
  long (*ask)(bool with);
};

constexpr Question questions[] = {
    {"pthread_create", "SCHEDULING", [](bool with) -> long { return create(with, true); }},
    {"pthread_create", "ATTRIBUTES", [](bool with) -> long { return create(with, false); }},
    {"pthread_attr_setstacksize", "SMALL_STACK",
     [](bool with) -> long { return set_stack_size(with); }},
    {"pthread_attr_setstack", "SMALL_STACK", [](bool with) -> long { return set_stack(with); }},
    {"pthread_join", "ITSELF", [](bool with) -> long { return join(with); }},
    {"pthread_setspecific", "FAR_KEY", [](bool with) -> long { return set_specific(with); }},
    {"pthread_setname_np", "LONG_NAME",
     [](bool with) -> long {
       return pthread_setname_np(pthread_self(), with ? "sixteen letters!" : "fifteen letters");
     }},
    {"pthread_attr_setschedparam", "OTHER_PRIORITY",
     [](bool with) -> long { return set_priority(with); }},
    {"sem_init", "LARGE_VALUE", [](bool with) -> long { return initialise_semaphore(with); }},
    {"prctl", "PRIVILEGE",
     [](bool with) -> long { return prctl(with ? PR_SET_KEEPCAPS : PR_GET_DUMPABLE, 0); }},
    {"mmap", "LOCKED",
     [](bool with) -> long { return map(with, MAP_PRIVATE | MAP_ANONYMOUS | MAP_LOCKED); }},
    {"mmap", "FILE_OR_CODE", [](bool with) -> long { return map_code(with); }},
    {"mmap", "FILE", [](bool with) -> long { return map(with, MAP_PRIVATE); }},
    {"mmap", "SHARED_MEMORY",
     [](bool with) -> long { return map(with, MAP_SHARED | MAP_ANONYMOUS); }},
    {"mprotect", "MORE_MEMORY", [](bool with) -> long { return protect(with); }},
    {"mprotect", "FILE_OR_CODE", [](bool with) -> long { return make_executable(with); }},
    {"munmap", "HOLE", [](bool with) -> long { return unmap(with); }},
    {"mremap", "GROWTH", [](bool with) -> long { return remap(with); }},
    {"madvise", "MORE_MEMORY", [](bool with) -> long { return advise_parts(with); }},
    {"madvise", "PAGES", [](bool with) -> long { return advise_pages(with); }},
    {"sigaltstack", "SMALL_STACK", [](bool with) -> long { return install_signal_stack(with); }},
    {"sigaltstack", "ON_SIGNAL_STACK", [](bool with) -> long { return exchange_in_handler(with); }},
    {"nanosleep", "HANDLER", [](bool with) -> long { return sleep_shortly(with); }},
    {"clock_nanosleep", "HANDLER", [](bool with) -> long { return sleep_by_clock(with); }},
    {"clock_nanosleep", "CLOCK", [](bool with) -> long { return sleep_by_other_clock(with); }},
    {"futex.wait", "HANDLER", &wait_with_handler},
    {"futex.wait", "OTHER_VALUE", &wait_for_value},
    {"futex.wait", "TIME_LIMIT", &wait_with_limit},
    {"futex.requeue", "OTHER_VALUE", &requeue},
    {"futex.lock_pi", "OWNER", [](bool with) { return lock_of(with ? 1 : 0); }},
    {"futex.lock_pi", "TIME_LIMIT", &lock_with_limit},
    {"futex.lock_pi", "ITSELF",
     [](bool with) {
       return lock_of(with ? static_cast<std::uint32_t>(gettid()) : 0, FUTEX_LOCK_PI);
     }},
    {"clone", "NAMESPACE", &clone_process},
    {"clone3", "NAMESPACE", &clone3_process},
};

}  // namespace

int main(int /*argument_count*/, char** arguments) {
  for (const Question& question : questions) {
    if (question.row == arguments[1] && question.need == arguments[2]) {
      std::printf("%ld\n", question.ask(std::string_view(arguments[3]) == "with"));
      return 0;
    }
  }
  return 1;
}
