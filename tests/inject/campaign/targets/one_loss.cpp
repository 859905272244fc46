// one_loss.cpp: small programs that lose something when a call fails, each in a way that is easily
// overlooked. The first argument chooses one. Each prints "done" when it has done its work.
#include <fcntl.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>

#include "scenario.hpp"

namespace {

void* return_at_once(void* argument) {
  return argument;
}

int done() {
  std::puts("done");
  return 0;
}

/// How many of the threads could be made.
int run_threads(int wanted) {
  int made = 0;
  const volatile int limit = wanted;  // so that the compiler does not make two call sites of one
  for (int number = 0; number < limit; ++number) {
    pthread_t thread{};
    if (pthread_create(&thread, nullptr, return_at_once, nullptr) == 0) {
      pthread_join(thread, nullptr);
      ++made;
    }
  }
  return made;
}

/// Starts each line of a stream with the time, as most servers do, and says nothing of its thread.
int loses_thread_in_log(std::FILE* stream) {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  std::fprintf(stream, "%lld.%09ld [%d] starting\n", static_cast<long long>(now.tv_sec),
               now.tv_nsec, getpid());
  run_threads(1);
  return done();
}

int stamps_errors() {
  return loses_thread_in_log(stderr);
}

int stamps_output() {
  return loses_thread_in_log(stdout);
}

/// No bug: the number on standard error is the news.
int counts_on_errors() {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  const int made = run_threads(2);
  std::fprintf(stderr, "%lld.%09ld %d threads\n", static_cast<long long>(now.tv_sec), now.tv_nsec,
               made);
  return done();
}

/// A line is missing from standard error, and nothing else is said.
int says_less() {
  const auto say = [](void*) -> void* {
    std::fputs("thread started\n", stderr);
    return nullptr;
  };
  pthread_t thread{};
  if (pthread_create(&thread, nullptr, say, nullptr) == 0) {
    pthread_join(thread, nullptr);
  }
  return done();
}

/// No bug: a new line on standard output, without a word that sounds like an error.
int mentions_on_output() {
  if (const int made = run_threads(2); made != 2) {
    std::printf("running with %d of 2 threads\n", made);
  }
  return done();
}

/// No bug: a line of standard output has the number in it.
int counts_on_output() {
  std::printf("running with %d of 2 threads\n", run_threads(2));
  return done();
}

/// What standard output counts is the result, and it is wrong.
int miscounts() {
  std::printf("sum %d\n", 10 * run_threads(2));
  return done();
}

/// Says what has failed, below a line that says nothing.
int underlines() {
  if (run_threads(1) == 0) {
    std::fputs("-----\n^\nno thread\n", stderr);
    return 1;
  }
  return done();
}

/// Leaves out of a file what does not fit into memory.
int shortens_file() {
  std::FILE* const result = std::fopen("result.txt", "w");
  if (result == nullptr) {
    return 1;
  }
  const volatile int parts = 3;
  for (int part = 1; part <= parts; ++part) {
    void* const memory =
        mmap(nullptr, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory != MAP_FAILED) {
      std::fprintf(result, "part %d\n", part);
      munmap(memory, 1 << 20);
    }
  }
  return std::fclose(result) == 0 ? done() : 1;
}

/// No bug: what failed stands in its log, beside a file that is another one each time.
int logs_to_file() {
  std::FILE* const log = std::fopen("log.txt", "w");
  if (log == nullptr) {
    return 1;
  }
  char name[] = "scratch-XXXXXX";
  close(mkstemp(name));
  std::fputs("started\n", log);
  if (run_threads(1) == 0) {
    std::fputs("cannot create a thread\n", log);
  }
  return std::fclose(log) == 0 ? done() : 1;
}

/// Starts a worker anew when it dies, and keeps quiet about it.
int hides_dead_child(int (*worker)(), pid_t (*wait_for)(pid_t child, int* status)) {
  for (int tries = 0; tries < 3; ++tries) {
    const pid_t child = fork();
    if (child == 0) {
      _exit(worker());
    }
    int status = 0;
    wait_for(child, &status);
    if (status == 0) {
      break;
    }
  }
  return done();
}

int crashes_without_thread() {
  if (run_threads(1) == 0) {
    std::signal(SIGSEGV, SIG_DFL);
    std::raise(SIGSEGV);
  }
  return 0;
}

int aborts_without_thread() {
  return run_threads(1) == 0 ? (std::abort(), 1) : 0;
}

/// No bug: what ends the worker is a way to end it.
int terminated_without_thread() {
  return run_threads(1) == 0 ? std::raise(SIGKILL) : 0;
}

pid_t by_waitpid(pid_t child, int* status) {
  return waitpid(child, status, 0);
}

pid_t by_wait(pid_t /*child*/, int* status) {
  return wait(status);
}

pid_t by_wait4(pid_t child, int* status) {
  return wait4(child, status, 0, nullptr);
}

/// Looks first, and reaps then: one end of one child.
pid_t by_waitid(pid_t child, int* status) {
  siginfo_t end{};
  waitid(P_PID, static_cast<id_t>(child), &end, WEXITED | WNOWAIT);
  *status = end.si_status;
  return waitid(P_PID, static_cast<id_t>(child), &end, WEXITED) == 0 ? end.si_pid : -1;
}

/// Leaves the child to whoever gets it, once it has ended.
pid_t by_nobody(pid_t child, int* status) {
  siginfo_t end{};
  *status = 0;
  return waitid(P_PID, static_cast<id_t>(child), &end, WEXITED | WNOWAIT) == 0 ? child : -1;
}

int child_crashes() {
  return hides_dead_child(crashes_without_thread, by_waitpid);
}
int child_crashes_wait() {
  return hides_dead_child(crashes_without_thread, by_wait);
}
int child_crashes_wait4() {
  return hides_dead_child(crashes_without_thread, by_wait4);
}
int child_crashes_waitid() {
  return hides_dead_child(crashes_without_thread, by_waitid);
}
int child_crashes_unreaped() {
  return hides_dead_child(crashes_without_thread, by_nobody);
}
int child_aborts() {
  return hides_dead_child(aborts_without_thread, by_waitpid);
}
int child_is_killed() {
  return hides_dead_child(terminated_without_thread, by_waitpid);
}

/// A child that dies as a matter of course, whatever fails.
int child_always_crashes() {
  const pid_t child = fork();
  if (child == 0) {
    run_threads(1);
    std::abort();
  }
  int status = 0;
  waitpid(child, &status, 0);
  return done();
}

/// Executes itself in a child that crashes, through a shell.
int system_crashes() {
  static_cast<void>(!system("\"$ONE_LOSS\" crashes-without-thread >/dev/null 2>&1; true"));
  return done();
}

/// A server at a socket in its folder: says "ready", and answers each client with "hi". `start` is
/// given the listening socket; false ends the server with status 1.
int serve(bool (*start)(int listener)) {
  sigset_t stop;
  sigemptyset(&stop);
  sigaddset(&stop, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &stop, nullptr);
  sockaddr_un address{AF_UNIX, "socket"};
  const int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
      listen(listener, 8) != 0 || !start(listener)) {
    return 1;
  }
  std::puts("ready");
  std::fflush(stdout);
  int signal = 0;
  sigwait(&stop, &signal);
  return 0;
}

/// Answers one client.
void answer(int listener) {
  const int client = accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
  static_cast<void>(!write(client, "hi\n", 3));
  close(client);
}

int the_listener;

bool start_acceptor() {
  pthread_t thread{};
  const auto accept_for_ever = [](void*) -> void* {
    for (;;) {
      answer(the_listener);
    }
  };
  return pthread_create(&thread, nullptr, accept_for_ever, nullptr) == 0;
}

/// Has one thread that answers, and does not look whether it is there.
int mute_server() {
  return serve([](int listener) {
    the_listener = listener;
    static_cast<void>(start_acceptor());
    return true;
  });
}

/// The same, and it says so; but it stays, and ends with another status when it is told to.
int complaining_server() {
  static bool serves = true;
  const int status = serve([](int listener) {
    the_listener = listener;
    serves = start_acceptor();
    if (!serves) {
      std::fputs("cannot create a thread\n", stderr);
    }
    return true;
  });
  return serves ? status : 1;
}

/// No bug: it says so and ends.
int ending_server() {
  return serve([](int listener) {
    the_listener = listener;
    const bool serves = start_acceptor();
    if (!serves) {
      std::fputs("cannot create a thread\n", stderr);
    }
    return serves;
  });
}

/// Makes a thread for each client, and drops the client when it is refused one.
int server_of_threads(bool speaks) {
  static bool speaks_of_it;
  speaks_of_it = speaks;
  return serve([](int listener) {
    the_listener = listener;
    const auto accept_for_ever = [](void*) -> void* {
      for (;;) {
        const int client = accept4(the_listener, nullptr, nullptr, SOCK_CLOEXEC);
        static int answered;
        answered = client;
        const auto answer_it = [](void*) -> void* {
          static_cast<void>(!write(answered, "hi\n", 3));
          return nullptr;
        };
        pthread_t thread{};
        if (pthread_create(&thread, nullptr, answer_it, nullptr) == 0) {
          pthread_join(thread, nullptr);
        } else if (speaks_of_it) {
          std::fputs("client dropped: no thread\n", stderr);
        }
        close(client);
      }
    };
    pthread_t thread{};
    return pthread_create(&thread, nullptr, accept_for_ever, nullptr) == 0;
  });
}

int dropping_server() {
  return server_of_threads(false);
}

int dropping_server_speaks() {
  return server_of_threads(true);
}

/// Serves one client, and ends.
int single_server() {
  return serve([](int listener) {
    the_listener = listener;
    const auto serve_and_end = [](void*) -> void* {
      answer(the_listener);
      _exit(0);
    };
    pthread_t thread{};
    static_cast<void>(pthread_create(&thread, nullptr, serve_and_end, nullptr));
    return true;
  });
}

/// A client: prints the answer, and ends with 1 when there is none. Waits for ever.
int client() {
  sockaddr_un address{AF_UNIX, "socket"};
  const int server = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  char text[8]{};
  if (connect(server, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
      read(server, text, sizeof text - 1) <= 0) {
    return 1;
  }
  std::fputs(text, stdout);
  return 0;
}

/// The same, for those who wait a moment at most; SIGALRM ends it.
int impatient_client() {
  alarm(1);
  return client();
}

/// Keeps what its fallback needs, once.
int keeps_descriptor_of_fallback() {
  static int fallback = -1;
  const volatile int tries = 3;
  for (int number = 0; number < tries; ++number) {
    if (run_threads(1) == 0 && fallback < 0) {
      fallback = open("/dev/null", O_RDONLY | O_CLOEXEC);
      std::fputs("no thread: done without\n", stderr);
    }
  }
  return done();
}

/// Loses a descriptor each time that it is refused a thread.
int loses_descriptors() {
  const volatile int tries = 3;
  for (int number = 0; number < tries; ++number) {
    const int file = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (run_threads(1) == 1) {
      close(file);
    }
  }
  return done();
}

constexpr Scenario programs[] = {
    {"stamps-errors", stamps_errors},
    {"stamps-output", stamps_output},
    {"counts-on-errors", counts_on_errors},
    {"says-less", says_less},
    {"mentions-on-output", mentions_on_output},
    {"counts-on-output", counts_on_output},
    {"miscounts", miscounts},
    {"underlines", underlines},
    {"shortens-file", shortens_file},
    {"logs-to-file", logs_to_file},
    {"crashes-without-thread", crashes_without_thread},
    {"child-crashes", child_crashes},
    {"child-crashes-wait", child_crashes_wait},
    {"child-crashes-wait4", child_crashes_wait4},
    {"child-crashes-waitid", child_crashes_waitid},
    {"child-crashes-unreaped", child_crashes_unreaped},
    {"child-aborts", child_aborts},
    {"child-is-killed", child_is_killed},
    {"child-always-crashes", child_always_crashes},
    {"system-crashes", system_crashes},
    {"mute-server", mute_server},
    {"complaining-server", complaining_server},
    {"ending-server", ending_server},
    {"dropping-server", dropping_server},
    {"dropping-server-speaks", dropping_server_speaks},
    {"single-server", single_server},
    {"client", client},
    {"impatient-client", impatient_client},
    {"keeps-descriptor-of-fallback", keeps_descriptor_of_fallback},
    {"loses-descriptors", loses_descriptors},
};

}  // namespace

int main(int argument_count, char** arguments) {
  return run_scenario(programs, argument_count, arguments);
}
