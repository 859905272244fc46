// Processes that are forked, spawned and executed, also from several threads at once.
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>
#include <thread>
#include <vector>

#include "scenario.hpp"

namespace heddle::tests {
namespace {

int status_of(pid_t child) {
  int status = 0;
  REQUIRE_THAT(waitpid(child, &status, 0) == child);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int exit_of_child_with_thread() {
  int answer = 0;
  std::thread([&answer] { answer = 3; }).join();
  return answer;
}

}  // namespace

int fork_from_threads() {
  std::vector<std::thread> threads;
  std::vector<int> statuses(4);
  threads.reserve(statuses.size());
  for (int& status : statuses) {
    threads.emplace_back([&status] {
      for (int round = 0; round < 20; ++round) {
        const pid_t child = fork();
        if (child == 0) {
          _exit(exit_of_child_with_thread());
        }
        status += status_of(child);
      }
    });
  }
  for (std::size_t index = 0; index < threads.size(); ++index) {
    threads[index].join();
    std::printf("%d\n", statuses[index]);
  }
  return 0;
}

int inline_fork() {
  // What no system call may change: other registers, and the red zone below the stack pointer.
  register double vector __asm__("xmm9") = 2.5;
  register long fourth __asm__("r10") = 4;
  register long fifth __asm__("r8") = 5;
  register long sixth __asm__("r9") = 6;
  long first = 1;
  long second = 2;
  long third = 3;
  long child = SYS_fork;
  long red_zone = 0;
  __asm__ volatile(
      "movq $7, -8(%%rsp)\n\tmovq $8, -128(%%rsp)\n\tsyscall\n\t"
      "movq -8(%%rsp), %1\n\taddq -128(%%rsp), %1"
      : "+a"(child), "=b"(red_zone), "+D"(first), "+S"(second), "+d"(third), "+r"(fourth),
        "+r"(fifth), "+r"(sixth), "+x"(vector)
      :
      : "rcx", "r11", "memory");
  const bool same = first == 1 && second == 2 && third == 3 && fourth == 4 && fifth == 5 &&
                    sixth == 6 && vector == 2.5 && red_zone == 15;
  if (child == 0) {
    _exit(same && getppid() != 0 ? 5 : 6);
  }
  std::printf("%d %d\n", same, status_of(static_cast<pid_t>(child)));
  return 0;
}

int vfork_and_exec() {
  const pid_t child = vfork();  // NOLINT(clang-analyzer-security.insecureAPI.vfork): is tested
  if (child == 0) {
    execl("/bin/sh", "sh", "-c", "exit 4", nullptr);
    _exit(127);
  }
  std::printf("%d\n", status_of(child));
  return 0;
}

int vfork_and_call() {
  static_cast<void>(inline_system_call(SYS_getppid));
  const pid_t child = vfork();  // NOLINT(clang-analyzer-security.insecureAPI.vfork): is tested
  if (child == 0) {
    // What POSIX forbids is what is tested.
    static_cast<void>(inline_system_call(SYS_getppid));  // NOLINT(clang-analyzer-unix.Vfork)
    _exit(0);
  }
  static_cast<void>(inline_system_call(SYS_getppid));
  return status_of(child);
}

int clone_without_handlers() {
  constexpr unsigned long clear_signal_handlers = 0x100000000;
  unsigned long request[8] = {clear_signal_handlers, 0, 0, 0, SIGCHLD, 0, 0, 0};
  const long child =
      inline_system_call(SYS_clone3, reinterpret_cast<long>(&request[0]), sizeof(request));
  if (child == 0) {
    _exit(getppid() != 0 ? 7 : 8);
  }
  std::printf("%d\n", status_of(static_cast<pid_t>(child)));
  return 0;
}

int spawn_process() {
  char shell[] = "sh";
  char flag[] = "-c";
  char command[] = "exit 6";
  char* arguments[] = {&shell[0], &flag[0], &command[0], nullptr};
  pid_t child = 0;
  REQUIRE_THAT(posix_spawn(&child, "/bin/sh", nullptr, nullptr, &arguments[0], environ) == 0);
  std::printf("%d\n", status_of(child));
  return 0;
}

int run_shell() {
  std::fflush(stdout);
  const int status = system("echo shell | cat; exit 7");
  std::printf("%d\n", WEXITSTATUS(status));
  return 0;
}

int read_from_shell() {
  FILE* const pipe = popen("echo read; exit 8", "r");
  REQUIRE_THAT(pipe != nullptr);
  char line[16] = {};
  REQUIRE_THAT(std::fgets(&line[0], sizeof(line), pipe) != nullptr);
  std::printf("%s%d\n", &line[0], WEXITSTATUS(pclose(pipe)));
  return 0;
}

int execute() {
  execl("/bin/sh", "sh", "-c", "echo executed; exit 9", nullptr);
  return 1;
}

}  // namespace heddle::tests
