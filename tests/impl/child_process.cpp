#include "child_process.hpp"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>

#include "support/catch.hpp"

namespace heddle::tests {
namespace {

[[noreturn]] void be_the_child(const std::function<void()>& body, int standard_error) {
  // Catch2 turns fatal signals into reports of its own, on a stack of its own, and nobody wants a
  // core of an expected death.
  for (const int signal : {SIGABRT, SIGBUS, SIGSEGV}) {
    std::signal(signal, SIG_DFL);
  }
  const stack_t no_stack{.ss_sp = nullptr, .ss_flags = SS_DISABLE, .ss_size = 0};
  sigaltstack(&no_stack, nullptr);
  const rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none);
  // A stack without a limit has no end, and an overflow takes all memory that there is.
  constexpr rlim_t usual_stack = rlim_t{8} << 20U;
  rlimit stack{};
  getrlimit(RLIMIT_STACK, &stack);
  stack.rlim_cur = std::min(stack.rlim_cur, usual_stack);
  setrlimit(RLIMIT_STACK, &stack);
  dup2(standard_error, STDERR_FILENO);
  body();
  std::_Exit(0);
}

std::string read_to_end(int descriptor) {
  std::string text;
  std::array<char, 4096> buffer{};
  for (;;) {
    const ssize_t got = read(descriptor, buffer.data(), buffer.size());
    if (got > 0) {
      text.append(buffer.data(), static_cast<std::size_t>(got));
    } else if (got == 0 || errno != EINTR) {
      return text;
    }
  }
}

}  // namespace

Ending run_in_child(const std::function<void()>& body) {
  std::array<int, 2> ends{};
  if (pipe(ends.data()) != 0) {
    throw std::runtime_error("pipe failed: no child was run");
  }
  const pid_t child = fork();
  if (child < 0) {
    throw std::runtime_error("fork failed: no child was run");
  }
  if (child == 0) {
    be_the_child(body, ends[1]);
  }
  close(ends[1]);
  Ending ending{0, 0, read_to_end(ends[0])};
  close(ends[0]);
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  ending.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  ending.exit_status = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
  return ending;
}

void require_in_child(bool condition, const char* claim) {
  if (!condition) {
    std::fprintf(stderr, "not so: %s\n", claim);
    std::_Exit(1);
  }
}

void check_success(const Ending& ending) {
  INFO(ending.standard_error);
  CHECK(ending.signal == 0);
  CHECK(ending.exit_status == 0);
}

}  // namespace heddle::tests
