// Programs that block every signal, SIGSYS with them, in all the ways there are. A trap that found
// it blocked would kill the process.
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <thread>

#include "scenario.hpp"

namespace heddle::tests {
namespace {

constexpr long set_size = 8;

bool is_blocked(int signal) {
  sigset_t now;
  REQUIRE_THAT(pthread_sigmask(SIG_BLOCK, nullptr, &now) == 0);
  return sigismember(&now, signal) == 1;
}

void block_all_but_name_none(int /*signal*/, siginfo_t* /*information*/, void* context) {
  // What it adds to the saved mask is the thread's when it returns.
  sigfillset(&static_cast<ucontext_t*>(context)->uc_sigmask);
}

}  // namespace

int block_all_signals() {
  unsigned long all = ~0UL;
  unsigned long previous = 1;
  for (const int how : {SIG_BLOCK, SIG_SETMASK}) {
    const long result = inline_system_call(SYS_rt_sigprocmask, how, reinterpret_cast<long>(&all),
                                           reinterpret_cast<long>(&previous), set_size);
    std::printf("%ld, SIGUSR1 blocked before: %d, now: %d\n", result,
                (previous >> (SIGUSR1 - 1) & 1) != 0, is_blocked(SIGUSR1));
  }
  // A pending signal is there as soon as it is unblocked, and not before.
  static volatile sig_atomic_t arrived = 0;
  static_cast<void>(signal(SIGUSR1, [](int) { arrived = 1; }));
  REQUIRE_THAT(raise(SIGUSR1) == 0);
  const int early = arrived;
  sigset_t one;
  sigemptyset(&one);
  sigaddset(&one, SIGUSR1);
  REQUIRE_THAT(pthread_sigmask(SIG_UNBLOCK, &one, nullptr) == 0);
  std::printf("arrived: %d, then %d\n", early, arrived);
  std::thread([] { std::printf("inherited: %d\n", is_blocked(SIGUSR2)); }).join();
  return 0;
}

int block_all_in_handlers() {
  struct sigaction action {};
  sigfillset(&action.sa_mask);
  action.sa_handler = [](int) {
    std::printf("in the handler: %d, blocked: %d\n", getppid() != 0, is_blocked(SIGUSR2));
  };
  struct sigaction previous {};
  REQUIRE_THAT(sigaction(SIGUSR1, &action, &previous) == 0);
  REQUIRE_THAT(sigaction(SIGUSR1, nullptr, &previous) == 0);
  REQUIRE_THAT(raise(SIGUSR1) == 0);
  std::printf("mask kept: %d, afterwards blocked: %d\n", sigismember(&previous.sa_mask, SIGUSR2),
              is_blocked(SIGUSR2));
  return 0;
}

int mask_of_signal_frame() {
  struct sigaction action {};
  action.sa_flags = SA_SIGINFO;
  action.sa_sigaction = block_all_but_name_none;
  REQUIRE_THAT(sigaction(SIGUSR1, &action, nullptr) == 0);
  REQUIRE_THAT(raise(SIGUSR1) == 0);
  std::printf("blocked: %d, alive: %d\n", is_blocked(SIGUSR2), getppid() != 0);
  return 0;
}

int own_sigsys_handler() {
  static volatile sig_atomic_t seen = 0;
  struct sigaction action {};
  action.sa_flags = SA_SIGINFO;
  action.sa_sigaction = [](int signal, siginfo_t* information, void*) {
    seen = signal == SIGSYS && information->si_code == SI_TKILL ? 1 : 2;
  };
  struct sigaction previous {};
  REQUIRE_THAT(sigaction(SIGSYS, &action, &previous) == 0);
  REQUIRE_THAT(previous.sa_handler == SIG_DFL);
  REQUIRE_THAT(raise(SIGSYS) == 0);
  REQUIRE_THAT(sigaction(SIGSYS, nullptr, &previous) == 0);
  std::printf("seen: %d, ours: %d\n", seen, previous.sa_sigaction == action.sa_sigaction);
  REQUIRE_THAT(signal(SIGSYS, SIG_IGN) != SIG_ERR);
  REQUIRE_THAT(raise(SIGSYS) == 0);
  std::puts("ignored");
  std::fflush(stdout);
  REQUIRE_THAT(signal(SIGSYS, SIG_DFL) != SIG_ERR);
  static_cast<void>(raise(SIGSYS));
  return 1;
}

int own_filter() {
  struct sigaction action {};
  action.sa_flags = SA_SIGINFO;
  action.sa_sigaction = [](int, siginfo_t* information, void* context) {
    if (information->si_syscall == SYS_getppid) {
      static_cast<ucontext_t*>(context)->uc_mcontext.gregs[REG_RAX] = 77;
    }
  };
  REQUIRE_THAT(sigaction(SIGSYS, &action, nullptr) == 0);
  sock_filter instructions[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getppid, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  const sock_fprog filter{sizeof(instructions) / sizeof(instructions[0]), &instructions[0]};
  REQUIRE_THAT(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
  REQUIRE_THAT(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0);
  std::printf("%d\n", getppid());
  return 0;
}

}  // namespace heddle::tests
