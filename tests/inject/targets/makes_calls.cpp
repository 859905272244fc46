// makes_calls HOW CALL COUNT: makes COUNT calls on the main thread and prints their results; then,
// as HOW says, again: `once` (no more), `thread` (on a second thread), `fork` (in a child process),
// `thread-fork` (in a child of a second thread). With `closed`, once, with the standard descriptors
// alone.
// With `threads`, one call on the main thread and one on each of COUNT others, all started before
// any of them is waited for; nothing is printed.
#include <dlfcn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <thread>
#include <vector>

#include "performed_call.hpp"

namespace {

void perform_all(std::string_view call, int count) {
  for (int index = 0; index < count; ++index) {
    std::printf("%s%d", index == 0 ? "" : " ", heddle::tests::perform(call));
  }
  std::puts("");
  static_cast<void>(std::fflush(stdout));
}

void perform_on_threads(std::string_view call, int count) {
  heddle::tests::perform(call);
  std::vector<std::thread> threads;
  for (int index = 0; index < count; ++index) {
    threads.emplace_back([call] { heddle::tests::perform(call); });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
}

void perform_in_child(std::string_view call, int count) {
  const pid_t child = fork();
  if (child == 0) {
    perform_all(call, count);
    _exit(0);
  }
  waitpid(child, nullptr, 0);
}

}  // namespace

int main(int argument_count, char** arguments) {
  if (argument_count != 4) {
    return 2;
  }
  if (const char* const error = dlerror()) {
    std::puts(error);  // of a look-up that the program has not made
  }
  const std::string_view how = arguments[1];
  const std::string_view call = arguments[2];
  const int count = std::atoi(arguments[3]);
  if (how == "threads") {
    perform_on_threads(call, count);
    return 0;
  }
  if (how == "closed") {
    close_range(3, ~0U, 0);
  }
  perform_all(call, count);
  if (how == "thread") {
    std::thread(perform_all, call, count).join();
  } else if (how == "fork") {
    perform_in_child(call, count);
  } else if (how == "thread-fork") {
    std::thread(perform_in_child, call, count).join();
  }
  return 0;
}
