// raw_call: what one system call costs, plain, under the raw layer with a rule that never fires,
// and under `strace -e inject` where strace is installed. Prints nanoseconds per call and ratios.
#include <heddle/inject_control.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

namespace {

/// The fastest of many short rounds, so that what else the machine does is not counted.
double nanoseconds_per_call() {
  constexpr int kRounds = 200;
  constexpr int kCalls = 500;
  double best = 1e9;
  for (int round = 0; round < kRounds; ++round) {
    const auto start = std::chrono::steady_clock::now();
    for (int call = 0; call < kCalls; ++call) {
      long result = SYS_getppid;
      __asm__ volatile("syscall" : "+a"(result) : : "rcx", "r11", "memory");
    }
    const std::chrono::duration<double, std::nano> spent = std::chrono::steady_clock::now() - start;
    best = std::min(best, spent.count() / kCalls);
  }
  return best;
}

/// What `command` prints, which is one number; 0 when it cannot be run.
double run(const std::vector<std::string>& command) {
  int ends[2];
  if (pipe(&ends[0]) != 0) {
    return 0;
  }
  const pid_t child = fork();
  if (child == 0) {
    dup2(ends[1], STDOUT_FILENO);
    std::vector<char*> arguments;
    arguments.reserve(command.size() + 1);
    for (const std::string& argument : command) {
      arguments.push_back(const_cast<char*>(argument.c_str()));
    }
    arguments.push_back(nullptr);
    execvp(arguments[0], arguments.data());
    _exit(127);
  }
  close(ends[1]);
  char text[64] = {};
  const ssize_t size = read(ends[0], &text[0], sizeof(text) - 1);
  close(ends[0]);
  waitpid(child, nullptr, 0);
  return size > 0 ? std::strtod(&text[0], nullptr) : 0;
}

/// A plan file for the children, with one rule that looks at each call and never fires.
std::string plan_that_never_fires() {
  const int descriptor = memfd_create("plan", MFD_CLOEXEC);
  auto* const block = new heddle_inject_control{};
  block->protocol = HEDDLE_INJECT_PROTOCOL;
  block->size = sizeof(*block);
  block->flags = HEDDLE_INJECT_RAW;
  block->rule_count = 1;
  block->rules[0].call = HEDDLE_INJECT_SYSTEM_CALL;
  block->rules[0].number = SYS_getppid;
  block->rules[0].action = HEDDLE_INJECT_ERROR;
  block->rules[0].error = 1;
  block->rules[0].first = block->rules[0].last = UINT64_MAX;
  block->armed = 1;
  if (write(descriptor, block, sizeof(*block)) != static_cast<ssize_t>(sizeof(*block))) {
    std::perror("raw_call: cannot write the plan");
    std::exit(1);
  }
  delete block;
  return "/proc/" + std::to_string(getpid()) + "/fd/" + std::to_string(descriptor);
}

void report(const char* name, double ns, double plain_ns) {
  if (ns > 0) {
    std::printf("%-16s %8.0f ns a call, %5.1f times plain\n", name, ns, ns / plain_ns);
  } else {
    std::printf("%-16s not available\n", name);
  }
}

}  // namespace

int main(int argument_count, char** arguments) {
  if (argument_count == 2 && std::strcmp(arguments[1], "--measure") == 0) {
    std::printf("%f\n", nanoseconds_per_call());
    return 0;
  }
  const std::string program = arguments[0];
  const double plain_ns = run({program, "--measure"});
  const double raw_ns = run({"env", std::string("LD_PRELOAD=") + HEDDLE_INJECT_SHIM,
                             "HEDDLE_INJECT=" + plan_that_never_fires(), program, "--measure"});
  const double strace_ns = run({"strace", "-o", "/dev/null", "-e", "trace=getppid", "-e",
                                "inject=getppid:error=EPERM:when=65535", program, "--measure"});
  report("plain", plain_ns, plain_ns);
  report("raw layer", raw_ns, plain_ns);
  report("strace -e inject", strace_ns, plain_ns);
  if (raw_ns > 0 && strace_ns > 0) {
    std::printf("strace costs %.1f times what the raw layer does\n", strace_ns / raw_ns);
  }
  return 0;
}
