// heap.cpp: small programs that allocate a job for each of three threads. The first argument says
// what becomes of the job of a thread that cannot be made.
//   loses             it is forgotten
//   loses-first       it is forgotten once; later jobs are given back
//   gives-back        it is given back
//   keeps             a list holds it until the program ends
//   always-loses      it is forgotten, and so are those of threads that are made
//   loses-and-leaves  it is forgotten, and the program ends by _exit
//   loses-and-fails   it is forgotten, and the program ends with status 1
//   keeps-mapped      mapped memory alone leads to it until the program ends
//   keeps-in-thread   the stack of a thread of C11's alone leads to it until the program ends
//   returns           main returns with status 1, while it holds a block
//   frees-twice       it is given back twice
//   uses-freed        it is used after it is given back
//   writes-beyond     a byte behind it is written
//   asks-unwritten    what to do is decided by a byte that was never written
//   dies              it is given back, and a null pointer is followed
//   always-errs       it is given back; each job, with or without a thread, uses freed memory
//   watches-signals   nothing; the program ends with status 3 if SIGSEGV has a handler at its start
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <threads.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>

namespace {

struct Job {
  char text[64];
  Job* next;
};

Job* kept = nullptr;
std::string_view program;

volatile char seen = 0;
std::atomic<bool> holds = false;

__attribute__((noinline)) void touch(void* memory, std::size_t place) {
  seen = static_cast<volatile char*>(memory)[place];
}

// Not inlined: the compiler would see, and forbid, what is done with the memory afterwards.
__attribute__((noinline)) void release(void* memory) {
  std::free(memory);
}

void* work(void* argument) {
  if (program != "always-loses") {
    release(argument);
  }
  return nullptr;
}

void keep(Job* job) {
  job->next = kept;
  kept = job;
}

int hold(void* argument) {
  void* volatile job = argument;
  holds = true;
  for (;;) {
    pause();
    touch(job, 0);
  }
}

void refuse(Job* job, int number) {
  if (program == "keeps") {
    keep(job);
  } else if (program == "keeps-mapped") {
    void* const memory =
        mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    *static_cast<Job**>(memory) = job;
  } else if (program == "keeps-in-thread") {
    thrd_t thread{};
    const bool made = thrd_create(&thread, hold, job) == thrd_success;
    while (made && !holds) {
      thrd_yield();
    }
  } else if (program == "writes-beyond") {
    reinterpret_cast<volatile char*>(job)[sizeof(Job)] = 1;
    release(job);
  } else if (program == "asks-unwritten") {
    auto* const answer = static_cast<volatile char*>(std::malloc(1));
    if (*answer != 0) {
      std::puts("yes");
    }
    release(const_cast<char*>(answer));
    release(job);
  } else if (!program.starts_with("loses") || (program == "loses-first" && number != 0)) {
    release(job);
  }
  if (program == "frees-twice") {
    release(job);
  } else if (program == "uses-freed") {
    touch(job, 8);
  } else if (program == "dies") {
    touch(nullptr, 0);
  }
}

/// Says whether the thread could be made. Not inlined, so that its frame, which held the job's
/// address, is gone when the program ends.
__attribute__((noinline)) bool run_job(int number) {
  auto* const job = static_cast<Job*>(std::calloc(1, sizeof(Job)));
  if (program == "always-errs") {
    void* const memory = std::malloc(1);
    release(memory);
    touch(memory, 0);
  }
  pthread_t thread{};
  if (pthread_create(&thread, nullptr, work, job) != 0) {
    refuse(job, number);
    return false;
  }
  pthread_join(thread, nullptr);
  return true;
}

}  // namespace

int main(int count, char** arguments) {
  program = count > 1 ? arguments[1] : "";
  if (program == "watches-signals") {
    struct sigaction action {};
    sigaction(SIGSEGV, nullptr, &action);
    if (action.sa_handler != SIG_DFL) {
      return 3;
    }
  }
  auto* const held = static_cast<volatile char*>(std::malloc(40));
  int refused = 0;
  for (int number = 0; number < 3; ++number) {
    refused += run_job(number) ? 0 : 1;
    if (program == "returns" && refused != 0) {
      return 1;
    }
  }
  release(const_cast<char*>(held));
  std::puts("done");
  if (program == "loses-and-leaves") {
    std::fflush(stdout);
    _exit(0);
  }
  return program == "loses-and-fails" && refused != 0 ? 1 : 0;
}
