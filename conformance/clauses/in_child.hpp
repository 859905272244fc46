// A child process for what a process can do only once, such as reading a variable at its first use.
#pragma once

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <optional>

#include "stage/stage.hpp"

namespace heddle::conformance {

/// Runs `calls` in a forked child, and returns the child's status as waitpid(2) has it. Call it
/// while the process has one thread.
template <class Calls>
int status_of_child(Calls calls) {
  const pid_t child = ::fork();
  if (child < 0) {
    internal_error("the machine refused the suite a process");
  }
  if (child == 0) {
    calls();
    ::_exit(0);
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

/// Runs `calls` in a forked child, and returns the number that they return. Nothing when an
/// expectation was not met in the child, which has then decided the case: return from the check.
/// Ends the case when the child dies. Call it while the process has one thread.
template <class Calls>
std::optional<std::uint64_t> number_from_child(Calls calls) {
  struct Answer {
    bool given;
    std::uint64_t number;
  };
  void* const shared =
      ::mmap(nullptr, sizeof(Answer), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (shared == MAP_FAILED) {
    internal_error("the machine refused the suite memory to share with a process");
  }
  auto& answer = *static_cast<volatile Answer*>(shared);
  const int status = status_of_child([&] {
    answer.number = calls();
    answer.given = true;
  });
  expect(WIFEXITED(status), "the child process lives on", "a signal has killed it");
  return answer.given ? std::optional<std::uint64_t>(answer.number) : std::nullopt;
}

}  // namespace heddle::conformance
