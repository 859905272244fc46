#include "performed_call.hpp"

#include <linux/futex.h>
#include <linux/sched.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>

namespace heddle::tests {
namespace {

/// errno before each call: no call fails with it, and none that succeeds may change it.
constexpr int untouched_errno = 4242;
constexpr std::size_t page_size = 4096;

/// Of a call that returns an errno, which must leave errno alone however it ends.
int returned(int error) {
  if (errno != untouched_errno) {
    std::puts("errno was changed by a call that returns its errno, or succeeded");
    std::exit(99);
  }
  return error;
}

/// Of a call that returns -1 and sets errno.
int reported(long result) {
  return result == -1 ? errno : returned(0);
}

/// Made to fail or not, the call under test is the last that can change errno.
template <typename Call>
int on_fresh_errno(Call call) {
  errno = untouched_errno;
  return call();
}

int create_thread() {
  pthread_t thread{};
  const auto start = [](void*) -> void* { return nullptr; };
  const int error =
      on_fresh_errno([&] { return returned(pthread_create(&thread, nullptr, start, nullptr)); });
  if (error == 0) {
    pthread_join(thread, nullptr);
  }
  return error;
}

/// C11 has two results for failures; the documented errnos of the row are told apart by them.
int create_c11_thread() {
  thrd_t thread{};
  const auto start = [](void*) { return 0; };
  const int result = on_fresh_errno([&] { return thrd_create(&thread, start, nullptr); });
  if (result == thrd_success) {
    thrd_join(thread, nullptr);
    return returned(0);
  }
  return returned(result == thrd_nomem ? ENOMEM : EAGAIN);
}

/// Waits until a thread that nobody joins has ended: its routine may lie in a library that is
/// unloaded next. Asks without a call of the table.
void await_end(const std::atomic<pid_t>& thread) {
  while (thread.load() == 0) {
  }
  char path[64];
  static_cast<void>(std::snprintf(path, sizeof path, "/proc/self/task/%d", thread.load()));
  while (access(path, F_OK) == 0) {
  }
}

template <int (*finish)(pthread_t)>
int finish_thread() {
  std::atomic<pid_t> id = 0;
  const auto start = [](void* own_id) -> void* {
    static_cast<std::atomic<pid_t>*>(own_id)->store(gettid());
    return nullptr;
  };
  pthread_t thread{};
  const bool made = pthread_create(&thread, nullptr, start, &id) == 0;
  // A thread that is left behind because the call was made to fail ends by itself.
  const int error = on_fresh_errno([&] { return returned(finish(thread)); });
  if (made) {
    await_end(id);
  }
  return error;
}

int join(pthread_t thread) {
  return pthread_join(thread, nullptr);
}

template <typename Call>
int with_attributes(Call call) {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  const int error = on_fresh_errno([&] { return returned(call(&attributes)); });
  pthread_attr_destroy(&attributes);
  return error;
}

int initialise_attributes() {
  pthread_attr_t attributes;
  return on_fresh_errno([&] { return returned(pthread_attr_init(&attributes)); });
}

int destroy_attributes() {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  return on_fresh_errno([&] { return returned(pthread_attr_destroy(&attributes)); });
}

int read_attributes() {
  pthread_attr_t attributes;
  return on_fresh_errno([&] { return returned(pthread_getattr_np(pthread_self(), &attributes)); });
}

alignas(page_size) char stack_memory[32 * page_size];

int create_key() {
  pthread_key_t key{};
  return on_fresh_errno([&] { return returned(pthread_key_create(&key, nullptr)); });
}

int set_specific() {
  static pthread_key_t key = [] {
    pthread_key_t created{};
    pthread_key_create(&created, nullptr);
    return created;
  }();
  return on_fresh_errno([&] { return returned(pthread_setspecific(key, &key)); });
}

int set_priority(pthread_attr_t* attributes) {
  constexpr sched_param lowest{};
  return pthread_attr_setschedparam(attributes, &lowest);
}

int initialise_mutex() {
  pthread_mutex_t mutex;
  return on_fresh_errno([&] { return returned(pthread_mutex_init(&mutex, nullptr)); });
}

int initialise_condition() {
  pthread_cond_t condition;
  return on_fresh_errno([&] { return returned(pthread_cond_init(&condition, nullptr)); });
}

int initialise_semaphore() {
  sem_t semaphore;
  return on_fresh_errno([&] { return reported(sem_init(&semaphore, 0, 1)); });
}

void* new_page() {
  return mmap(nullptr, page_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

template <typename Map>
int map_page(Map map) {
  return on_fresh_errno([&] {
    return reported(reinterpret_cast<long>(
        map(nullptr, page_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)));
  });
}

template <typename Call>
int with_page(Call call) {
  void* const page = new_page();
  return on_fresh_errno([&] { return reported(call(page)); });
}

int map_by_number() {
  return on_fresh_errno([] {
    return reported(
        syscall(SYS_mmap, nullptr, page_size, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  });
}

int remap(void* page) {
  return mremap(page, page_size, 2 * page_size, MREMAP_MAYMOVE) == MAP_FAILED ? -1 : 0;
}

/// Not made to fail, a wait returns EAGAIN at once, because the word has not the value.
int futex(int operation, int value) {
  static int word = 0;
  static int other_word = 0;
  word = operation == FUTEX_UNLOCK_PI ? static_cast<int>(gettid()) : 0;
  return on_fresh_errno([&] {
    return reported(syscall(SYS_futex, &word, operation, value, nullptr, &other_word,
                            operation == FUTEX_WAKE_OP ? 0U : ~0U));
  });
}

int compare_and_requeue() {
  static int word = 0;
  static int other_word = 0;
  return on_fresh_errno(
      [] { return reported(syscall(SYS_futex, &word, FUTEX_CMP_REQUEUE, 1, 1L, &other_word, 0)); });
}

/// A process that ends at once, made by libc's syscall().
template <typename Clone>
int clone_process(Clone clone) {
  return on_fresh_errno([&] {
    const long child = clone();
    if (child == 0) {
      _exit(0);
    }
    if (child > 0) {
      waitpid(static_cast<pid_t>(child), nullptr, 0);
    }
    return reported(child);
  });
}

int fork_process() {
  return clone_process([]() -> long { return fork(); });
}

/// In one function: the child may not return from the one that has called vfork.
int vfork_process() {
  errno = untouched_errno;
  const pid_t child = vfork();  // NOLINT(clang-analyzer-security.insecureAPI.vfork): is tested
  if (child == 0) {
    _exit(0);
  }
  if (child > 0) {
    waitpid(child, nullptr, 0);
  }
  return reported(child);
}

/// A program that ends at once. Its environment is empty: a preloaded library that makes this call
/// in its constructor would otherwise make it again in there, without end.
template <typename Spawn>
int spawn_process(Spawn spawn) {
  char name[] = "true";
  char* const arguments[] = {name, nullptr};
  char* const environment[] = {nullptr};
  pid_t child = 0;
  const int error = on_fresh_errno([&] {
    return returned(spawn(&child, "/bin/true", nullptr, nullptr, arguments, environment));
  });
  if (error == 0) {
    waitpid(child, nullptr, 0);
  }
  return error;
}

int clone3_process() {
  clone_args arguments{};
  arguments.exit_signal = SIGCHLD;
  return clone_process([&] { return syscall(SYS_clone3, &arguments, sizeof arguments); });
}

int set_robust_list() {
  void* head = nullptr;
  std::size_t size = 0;
  syscall(SYS_get_robust_list, 0, &head, &size);
  return on_fresh_errno([&] { return reported(syscall(SYS_set_robust_list, head, size)); });
}

constexpr timespec moment{0, 1};

struct NamedCall {
  std::string_view name;
  int (*perform)();
};

constexpr NamedCall calls[] = {
    {"pthread_create", [] { return create_thread(); }},
    {"pthread_attr_init", [] { return initialise_attributes(); }},
    {"pthread_attr_setstacksize",
     [] {
       return with_attributes(
           [](pthread_attr_t* it) { return pthread_attr_setstacksize(it, std::size_t{1} << 20); });
     }},
    {"pthread_attr_setstack",
     [] {
       return with_attributes([](pthread_attr_t* it) {
         return pthread_attr_setstack(it, &stack_memory[0], sizeof stack_memory);
       });
     }},
    {"pthread_attr_setguardsize",
     [] {
       return with_attributes(
           [](pthread_attr_t* it) { return pthread_attr_setguardsize(it, page_size); });
     }},
    {"pthread_attr_destroy", [] { return destroy_attributes(); }},
    {"pthread_getattr_np", [] { return read_attributes(); }},
    {"pthread_join", [] { return finish_thread<&join>(); }},
    {"pthread_detach", [] { return finish_thread<&pthread_detach>(); }},
    {"pthread_key_create", [] { return create_key(); }},
    {"pthread_setspecific", [] { return set_specific(); }},
    {"pthread_setname_np",
     [] {
       return on_fresh_errno([] { return returned(pthread_setname_np(pthread_self(), "named")); });
     }},
    {"pthread_mutex_init", [] { return initialise_mutex(); }},
    {"pthread_cond_init", [] { return initialise_condition(); }},
    {"pthread_attr_setschedparam", [] { return with_attributes(&set_priority); }},
    {"pthread_attr_setinheritsched",
     [] {
       return with_attributes([](pthread_attr_t* it) {
         return pthread_attr_setinheritsched(it, PTHREAD_EXPLICIT_SCHED);
       });
     }},
    {"sem_init", [] { return initialise_semaphore(); }},
    {"fork", [] { return fork_process(); }},
    {"vfork", [] { return vfork_process(); }},
    {"posix_spawn", [] { return spawn_process(&posix_spawn); }},
    {"posix_spawnp", [] { return spawn_process(&posix_spawnp); }},
    {"prctl", [] { return on_fresh_errno([] { return reported(prctl(PR_GET_DUMPABLE)); }); }},
    {"thrd_create", [] { return create_c11_thread(); }},
    {"mmap", [] { return map_page(&mmap); }},
    {"mmap64", [] { return map_page(&mmap64); }},
    {"syscall.mmap", [] { return map_by_number(); }},
    {"mprotect",
     [] { return with_page([](void* page) { return mprotect(page, page_size, PROT_READ); }); }},
    {"munmap", [] { return with_page([](void* page) { return munmap(page, page_size); }); }},
    {"mremap", [] { return with_page([](void* page) { return remap(page); }); }},
    {"madvise",
     [] { return with_page([](void* page) { return madvise(page, page_size, MADV_NORMAL); }); }},
    {"sigaltstack",
     [] {
       stack_t old_stack{};
       return on_fresh_errno([&] { return reported(sigaltstack(nullptr, &old_stack)); });
     }},
    {"sigaction",
     [] {
       struct sigaction old_action {};
       return on_fresh_errno([&] { return reported(sigaction(SIGUSR1, nullptr, &old_action)); });
     }},
    {"nanosleep",
     [] { return on_fresh_errno([] { return reported(nanosleep(&moment, nullptr)); }); }},
    {"clock_nanosleep",
     [] {
       return on_fresh_errno(
           [] { return returned(clock_nanosleep(CLOCK_MONOTONIC, 0, &moment, nullptr)); });
     }},
    {"syscall.clock_nanosleep",
     [] {
       return on_fresh_errno([] {
         return reported(syscall(SYS_clock_nanosleep, CLOCK_MONOTONIC, 0, &moment, nullptr));
       });
     }},
    {"sched_yield", [] { return on_fresh_errno([] { return reported(sched_yield()); }); }},
    {"futex.wait", [] { return futex(FUTEX_WAIT_PRIVATE, 1); }},
    {"futex.wait_bitset", [] { return futex(FUTEX_WAIT_BITSET, 1); }},
    {"futex.wake", [] { return futex(FUTEX_WAKE, 1); }},
    {"futex.wake_bitset", [] { return futex(FUTEX_WAKE_BITSET_PRIVATE, 1); }},
    {"futex.requeue", [] { return futex(FUTEX_REQUEUE, 1); }},
    {"futex.cmp_requeue", [] { return compare_and_requeue(); }},
    {"futex.wake_op", [] { return futex(FUTEX_WAKE_OP, 1); }},
    {"futex.lock_pi", [] { return futex(FUTEX_LOCK_PI, 0); }},
    {"futex.trylock_pi", [] { return futex(FUTEX_TRYLOCK_PI, 0); }},
    {"futex.unlock_pi", [] { return futex(FUTEX_UNLOCK_PI, 0); }},
    {"clone",
     [] { return clone_process([] { return syscall(SYS_clone, SIGCHLD, 0L, 0L, 0L, 0L); }); }},
    {"clone3", [] { return clone3_process(); }},
    {"set_robust_list", [] { return set_robust_list(); }},
    {"rt_sigprocmask",
     [] {
       unsigned long old_mask = 0;
       return on_fresh_errno([&] {
         return reported(
             syscall(SYS_rt_sigprocmask, SIG_BLOCK, nullptr, &old_mask, sizeof old_mask));
       });
     }},
    {"syscall", [] { return on_fresh_errno([] { return reported(syscall(SYS_getppid)); }); }},
};

}  // namespace

int perform(std::string_view call) {
  for (const NamedCall& named : calls) {
    if (named.name == call) {
      return named.perform();
    }
  }
  return -1;
}

void perform_every_call() {
  for (const NamedCall& named : calls) {
    const int error = named.perform();
    std::printf("%.*s %d\n", static_cast<int>(named.name.size()), named.name.data(), error);
  }
}

}  // namespace heddle::tests
