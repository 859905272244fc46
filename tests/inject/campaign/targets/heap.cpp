// heap.cpp: small programs that allocate a job for each of three threads. The first argument says
// what becomes of the job of a thread that cannot be made.
//   loses             it is forgotten
//   loses-first       it is forgotten once; later jobs are given back
//   gives-back        it is given back
//   keeps             a list holds it until the program ends
//   always-loses      it is forgotten, and so are those of threads that are made
//   loses-and-leaves  it is forgotten, and the program ends by _exit
//   loses-and-fails   it is forgotten, and the program ends with status 1
#include <pthread.h>
#include <unistd.h>

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

void* work(void* argument) {
  if (program != "always-loses") {
    std::free(argument);
  }
  return nullptr;
}

void keep(Job* job) {
  job->next = kept;
  kept = job;
}

void refuse(Job* job, int number) {
  if (program == "gives-back" || (program == "loses-first" && number != 0)) {
    std::free(job);
  } else if (program == "keeps") {
    keep(job);
  }
}

/// Says whether the thread could be made. Not inlined, so that its frame, which held the job's
/// address, is gone when the program ends.
__attribute__((noinline)) bool run_job(int number) {
  auto* const job = static_cast<Job*>(std::calloc(1, sizeof(Job)));
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
  int refused = 0;
  for (int number = 0; number < 3; ++number) {
    refused += run_job(number) ? 0 : 1;
  }
  std::puts("done");
  if (program == "loses-and-leaves") {
    std::fflush(stdout);
    _exit(0);
  }
  return program == "loses-and-fails" && refused != 0 ? 1 : 0;
}
