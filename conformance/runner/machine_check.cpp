#include "runner/machine_check.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>

#include "runner/descriptor.hpp"

namespace heddle::conformance {
namespace {

constexpr int needed_threads = 260;  // the most threads that a case has at one time
constexpr int needed_descriptors = 32;

void* wait_for_the_end(void*) {
  for (;;) {
    ::pause();
  }
}

std::optional<std::string> lacking_threads() {
  for (int started = 0; started < needed_threads; ++started) {
    pthread_t thread{};
    if (const int error = ::pthread_create(&thread, nullptr, wait_for_the_end, nullptr)) {
      return fmt::format(
          "it refuses a thread when a process has {} (pthread_create: {}); raise the limit on "
          "processes (ulimit -u, a cgroup's pids.max) or on memory (ulimit -v)",
          started + 1, std::strerror(error));
    }
  }
  return std::nullopt;
}

std::optional<std::string> lacking_descriptors() {
  for (int opened = 0; opened < needed_descriptors; ++opened) {
    if (::fcntl(STDERR_FILENO, F_DUPFD, 0) < 0) {
      return fmt::format("it refuses a descriptor: {}; raise the limit on open files (ulimit -n)",
                         std::strerror(errno));
    }
  }
  return std::nullopt;
}

// Asks for threads and descriptors in a child process, which gives everything back at its end.
std::optional<std::string> ask_in_child() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    return fmt::format("it refuses a pipe: {}; raise the limit on open files (ulimit -n)",
                       std::strerror(errno));
  }
  const Descriptor answer(ends[0]);
  Descriptor question(ends[1]);
  const pid_t child = ::fork();
  if (child < 0) {
    return fmt::format("it refuses a process (fork: {}); raise the limit on processes (ulimit -u)",
                       std::strerror(errno));
  }
  if (child == 0) {
    auto lacking = lacking_descriptors();
    lacking = lacking ? lacking : lacking_threads();
    const std::string text = lacking.value_or("");
    const ssize_t written = ::write(question.get(), text.data(), text.size());
    ::_exit(written == static_cast<ssize_t>(text.size()) ? 0 : 1);
  }
  question = Descriptor();
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  std::array<char, 512> text{};  // more than the longest answer: it fits into the pipe
  const ssize_t got = ::read(answer.get(), text.data(), text.size());
  if (got > 0) {
    return std::string(text.data(), static_cast<std::size_t>(got));
  }
  return status == 0 ? std::nullopt
                     : std::optional<std::string>("a process that only asks it for threads died");
}

}  // namespace

std::optional<std::string> lacking_machine() {
  if (::access("/proc/self/stat", R_OK) != 0) {
    return "it has no /proc, by which the suite knows itself and sees what hangs; mount one";
  }
  return ask_in_child();
}

unsigned long kills_for_memory() {
  std::ifstream file("/proc/vmstat");
  std::string name;
  for (unsigned long amount = 0; file >> name >> amount;) {
    if (name == "oom_kill") {
      return amount;
    }
  }
  return 0;
}

}  // namespace heddle::conformance
