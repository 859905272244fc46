/* What a subject may do to those who run it, chosen by the environment: HEDDLE_TEST_HOSTILE is one
 * of the names below. What is done in a body is done at the end of each join. HEDDLE_TEST_FILE
 * names a file into which processes write their numbers, so that a test knows of them. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { first_descriptor = 3, last_descriptor = 1023 };

void be_hostile(void);

static int asked_for(const char* name) {
  const char* const asked = getenv("HEDDLE_TEST_HOSTILE");
  return asked != NULL && strcmp(asked, name) == 0;
}

static void hang(void) {
  for (;;) {
    pause();
  }
}

/* Returns how many there were before. */
static int tell(void) {
  const char* const name = getenv("HEDDLE_TEST_FILE");
  const int file = name == NULL ? -1 : open(name, O_WRONLY | O_APPEND | O_CREAT, 0666);
  const off_t size = lseek(file, 0, SEEK_END);
  if (file < 0 || dprintf(file, "%8d\n", getpid()) < 0) {
    abort();
  }
  close(file);
  return (int)(size / 9);
}

static void close_all(void) {
  for (int number = first_descriptor; number <= last_descriptor; ++number) {
    close(number);
  }
}

static void write_to_all(void) {
  for (int number = first_descriptor; number <= last_descriptor; ++number) {
    if (write(number, "{\"started\": -1}", 15) < 0) {
      continue;
    }
  }
}

static void replace_all(void) {
  for (int number = first_descriptor; number <= last_descriptor; ++number) {
    if (fcntl(number, F_GETFD) >= 0) {
      dup2(STDIN_FILENO, number);
    }
  }
}

static void scribble(void) {
  write_to_all();
  replace_all();
  close_all();
}

/* A process that has left its group and session, and whose parent is gone. */
static void leave_daemon(void) {
  const pid_t child = fork();
  if (child == 0) {
    setsid();
    if (fork() == 0) {
      tell();
      hang();
    }
    _exit(0);
  }
  waitpid(child, NULL, 0);
}

/* The same memory again and again: it counts each time, and costs once. */
static void occupy_memory(void) {
  const size_t size = (size_t)64 << 20;
  const int file = memfd_create("memory", 0);
  if (file < 0 || ftruncate(file, (off_t)size) != 0) {
    abort();
  }
  for (int times = 0; times < 4096; ++times) {
    mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, file, 0);
  }
  hang();
}

/* From here on the thread never comes back from exit_group: a supervisor would have to let it go,
 * and there is none. */
static void block_exit(void) {
  struct sock_filter code[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_exit_group, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  const struct sock_fprog program = {.len = sizeof code / sizeof *code, .filter = code};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
      syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &program) <
          0) {
    fputs("no such filters here\n", stderr);
  }
}

static void ask_to_be_traced(void) {
  ptrace(PTRACE_TRACEME, 0, NULL, NULL);
  signal(SIGUSR1, SIG_IGN);
  raise(SIGUSR1);
}

static void hang_in_third_fork(void) {
  static int forks = 0;
  if (++forks == 3) {
    hang();
  }
}

void be_hostile(void) {
  if (asked_for("scribbles in a body")) {
    scribble();
  } else if (asked_for("scribbles at exit")) {
    atexit(scribble);
  } else if (asked_for("leaves a daemon in a body")) {
    leave_daemon();
  } else if (asked_for("occupies memory")) {
    occupy_memory();
  } else if (asked_for("blocks its exit")) {
    block_exit();
  } else if (asked_for("is traced in a body")) {
    ask_to_be_traced();
  } else if (asked_for("stops its parent")) {
    kill(getppid(), SIGSTOP);
  } else if (asked_for("kills its parent once") && tell() == 0) {
    kill(getppid(), SIGKILL);
  } else if (asked_for("dies once") && tell() == 0) {
    raise(SIGKILL);
  } else if (asked_for("tells and waits in a body")) {
    tell();
    hang();
  } else if (asked_for("takes its time")) {
    usleep(200000);
  }
}

__attribute__((constructor)) static void construct(void) {
  if (asked_for("closes all")) {
    close_all();
  } else if (asked_for("writes to all")) {
    write_to_all();
  } else if (asked_for("replaces all")) {
    replace_all();
  } else if (asked_for("forks")) {
    fork();
  } else if (asked_for("leaves a child") && fork() == 0) {
    hang();
  } else if (asked_for("leaves a daemon")) {
    leave_daemon();
  } else if (asked_for("daemonizes")) {
    if (fork() != 0) {
      _exit(0);
    }
    setsid();
  } else if (asked_for("kills itself")) {
    raise(SIGKILL);
  } else if (asked_for("stops itself")) {
    raise(SIGSTOP);
  } else if (asked_for("is traced")) {
    ask_to_be_traced();
  } else if (asked_for("tells and waits")) {
    tell();
    hang();
  } else if (asked_for("hangs before fork")) {
    pthread_atfork(hang, NULL, NULL);
  } else if (asked_for("hangs in a child")) {
    pthread_atfork(NULL, NULL, hang);
  } else if (asked_for("hangs in the third fork")) {
    pthread_atfork(hang_in_third_fork, NULL, NULL);
  }
}
