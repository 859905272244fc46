// three_threads CALLS [FORKS]: a small program for campaigns. Three threads map and unmap a page
// CALLS times each. They skip what fails, and the exit status tells of it.
//
// With FORKS the program is its own fork server: it runs the same workload in that many children,
// one after another, and prints how many children it ran a second. No campaign can be faster.
#include <pthread.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>

namespace {

std::atomic<bool> failed{false};
int calls = 0;

void* map_and_unmap(void*) {
  for (int call = 0; call < calls; ++call) {
    void* const page =
        mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED || munmap(page, 4096) != 0) {
      failed = true;
    }
  }
  return nullptr;
}

int work() {
  std::array<pthread_t, 3> threads{};
  std::size_t started = 0;
  while (started < threads.size() &&
         pthread_create(&threads.at(started), nullptr, map_and_unmap, nullptr) == 0) {
    ++started;
  }
  for (std::size_t index = 0; index < started; ++index) {
    pthread_join(threads.at(index), nullptr);
  }
  return failed || started < threads.size() ? EXIT_FAILURE : EXIT_SUCCESS;
}

int fork_and_wait(int forks) {
  const auto start = std::chrono::steady_clock::now();
  for (int run = 0; run < forks; ++run) {
    const pid_t child = fork();
    if (child == 0) {
      std::exit(work());
    }
    int status = 0;
    if (child < 0 || waitpid(child, &status, 0) != child || status != 0) {
      std::perror("three_threads: a run has failed");
      return EXIT_FAILURE;
    }
  }
  const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - start;
  std::printf("%f\n", forks / spent.count());
  return EXIT_SUCCESS;
}

}  // namespace

int main(int argument_count, char** arguments) {
  calls = argument_count > 1 ? std::atoi(arguments[1]) : 1;
  return argument_count > 2 ? fork_and_wait(std::atoi(arguments[2])) : work();
}
