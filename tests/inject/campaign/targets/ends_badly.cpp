// ends_badly.cpp: small programs whose end, fault or no fault, is not what it should be. The first
// argument chooses one. Each makes one thread.
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <csignal>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "scenario.hpp"

namespace {

bool makes_thread() {
  pthread_t thread{};
  const auto nothing = [](void* argument) { return argument; };
  return pthread_create(&thread, nullptr, nothing, nullptr) == 0 &&
         pthread_join(thread, nullptr) == 0;
}

/// Says whether this is the first process to ask, by a file in the folder for temporary ones.
bool is_first() {
  const char* const path = std::getenv("TMPDIR");
  if (path == nullptr || chdir(path) != 0) {
    return false;
  }
  const int file = open("asked", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  close(file);
  return file >= 0;
}

/// Without a thread, crashes in the first process and complains in all others.
int crashes_at_first() {
  if (!makes_thread()) {
    if (is_first()) {
      std::raise(SIGSEGV);
    }
    std::fputs("no thread\n", stderr);
    return 1;
  }
  return 0;
}

/// Aborts whether or not it has a thread, and takes no notice of that.
int always_aborts() {
  makes_thread();
  std::puts("done");
  std::abort();
}

/// Ends with 1 in any case, as a search does that finds nothing.
int always_fails() {
  makes_thread();
  return 1;
}

/// Complains of its thread, and ends with 1 in any case.
int complains_and_fails() {
  if (!makes_thread()) {
    std::fputs("no thread\n", stderr);
  }
  return 1;
}

/// Says on standard output what became of its thread. Its status is how many processes came before
/// it, up to 100.
int counts_its_runs() {
  std::puts(makes_thread() ? "thread" : "none");
  const char* const path = std::getenv("TMPDIR");
  if (path == nullptr || chdir(path) != 0) {
    return 101;
  }
  const int file = open("runs", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  struct stat status {};
  if (write(file, "x", 1) != 1 || fstat(file, &status) != 0) {
    return 102;
  }
  close(file);
  return static_cast<int>(status.st_size % 100);
}

/// Has a report in each run, in a sanitizer's words, and one of the same kind without its thread.
int has_report() {
  const int bytes = makes_thread() ? 56 : 120;
  std::fprintf(stderr, "SUMMARY: AddressSanitizer: %d byte(s) leaked in 1 allocation(s).\n", bytes);
  return 0;
}

/// Its messages begin as the shim's do.
int speaks_as_the_shim() {
  std::fputs("heddle-inject: this is the program's own\n", stderr);
  return makes_thread() ? 0 : 1;
}

int handles_sigsys() {
  struct sigaction action {};
  action.sa_handler = [](int) {};
  sigaction(SIGSYS, &action, nullptr);
  return makes_thread() ? 0 : 1;
}

/// Does not like to be preloaded.
int dislikes_preloading() {
  makes_thread();
  return std::getenv("LD_PRELOAD") == nullptr ? 0 : 3;
}

/// Allows itself the system calls that a thread, a line and an end need, and one more.
int under_filter(unsigned one_more, std::uint32_t at_any_other) {
  const unsigned allowed[] = {SYS_write,
                              SYS_exit_group,
                              SYS_exit,
                              SYS_mmap,
                              SYS_munmap,
                              SYS_mprotect,
                              SYS_madvise,
                              SYS_brk,
                              SYS_clone,
                              SYS_clone3,
                              SYS_futex,
                              SYS_rseq,
                              SYS_getrandom,
                              SYS_set_robust_list,
                              SYS_rt_sigprocmask,
                              SYS_newfstatat,
                              SYS_fstat,
                              SYS_rt_sigaction,
                              one_more};
  constexpr std::size_t count = std::size(allowed);
  sock_filter filter[2 * count + 2] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr))};
  for (std::size_t index = 0; index < count; ++index) {
    filter[2 * index + 1] = BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, allowed[index], 0, 1);
    filter[2 * index + 2] = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
  }
  filter[2 * count + 1] = BPF_STMT(BPF_RET | BPF_K, at_any_other);
  const sock_fprog program{std::size(filter), &filter[0]};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
      prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) {
    std::fputs("no filter\n", stderr);
    return 2;
  }
  if (!makes_thread()) {
    std::fputs("no thread\n", stderr);
    return 1;
  }
  std::puts("done");
  return 0;
}

int filters_itself() {
  return under_filter(SYS_write, SECCOMP_RET_KILL_PROCESS);
}

/// A handler of SIGSYS can return here.
int traps_itself() {
  return under_filter(SYS_rt_sigreturn, SECCOMP_RET_TRAP);
}

/// From its end on only read, write, exit and sigreturn are allowed; not exit_group.
int locks_itself_in() {
  if (!makes_thread()) {
    std::fputs("no thread\n", stderr);
    return 1;
  }
  constexpr std::string_view done = "done\n";
  if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT) != 0 ||
      write(STDOUT_FILENO, done.data(), done.size()) < 0) {
    return 2;
  }
  syscall(SYS_exit, 0);
  return 3;
}

constexpr Scenario programs[] = {
    {"crashes-at-first", crashes_at_first},
    {"always-aborts", always_aborts},
    {"always-fails", always_fails},
    {"complains-and-fails", complains_and_fails},
    {"counts-its-runs", counts_its_runs},
    {"has-report", has_report},
    {"speaks-as-the-shim", speaks_as_the_shim},
    {"handles-sigsys", handles_sigsys},
    {"dislikes-preloading", dislikes_preloading},
    {"filters-itself", filters_itself},
    {"traps-itself", traps_itself},
    {"locks-itself-in", locks_itself_in},
};

}  // namespace

int main(int argument_count, char** arguments) {
  return run_scenario(programs, argument_count, arguments);
}
