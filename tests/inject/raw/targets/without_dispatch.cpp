// inject_raw_without_dispatch ANSWER PROGRAM ARGUMENTS...: executes the program on a kernel that
// answers the prctl for Syscall User Dispatch with this errno, or with success when it is 0, and
// does nothing.
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstddef>
#include <cstdio>
#include <cstdlib>

int main(int argument_count, char** arguments) {
  if (argument_count < 3) {
    return 2;
  }
  constexpr unsigned set_dispatch = 59;
  const auto answer = static_cast<unsigned>(std::atoi(arguments[1]));
  sock_filter instructions[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_prctl, 0, 3),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, args[0])),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, set_dispatch, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | answer),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  const sock_fprog filter{sizeof(instructions) / sizeof(instructions[0]), &instructions[0]};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
      prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) != 0) {
    std::perror("cannot install the filter");
    return 1;
  }
  execvp(arguments[2], arguments + 2);
  std::perror("cannot execute the program");
  return 1;
}
