// Every way to another process. Each makes one call itself, then two in the process that it starts.
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstdio>
#include <string>

#include "../../targets/performed_call.hpp"
#include "scenario.hpp"

namespace heddle::tests {
namespace {

constexpr const char* call = "sigaltstack";
constexpr const char* executed_scenario = "call_twice";

/// Not under /proc/self, which is the shell's own in a shell.
const char* own_path() {
  static char path[PATH_MAX] = {};
  return readlink("/proc/self/exe", &path[0], sizeof path - 1) > 0 ? &path[0] : "";
}

void call_before() {
  std::printf("before: %d\n", perform(call));
  std::fflush(stdout);
}

/// The status of this process: it tells what became of the child.
int wait_for(pid_t child) {
  int status = 0;
  const bool waited = child > 0 && waitpid(child, &status, 0) == child;
  return waited && WIFEXITED(status) ? WEXITSTATUS(status) : 99;
}

int execute() {
  return execl(own_path(), "executed", executed_scenario, nullptr);
}

}  // namespace

int call_twice() {
  const int first = perform(call);
  std::printf("%d %d\n", first, perform(call));
  return 4;
}

int fork_and_call() {
  call_before();
  const pid_t child = fork();
  if (child == 0) {
    const int status = call_twice();
    std::fflush(stdout);
    _exit(status);
  }
  const int status = wait_for(child);
  std::printf("after: %d\n", perform(call));
  return status;
}

int execute_and_call() {
  call_before();
  return execute();
}

int vfork_execute_and_call() {
  call_before();
  const char* const path = own_path();
  const pid_t child = vfork();  // NOLINT(clang-analyzer-security.insecureAPI.vfork): is tested
  if (child == 0) {
    execl(path, "executed", executed_scenario, nullptr);
    _exit(127);
  }
  const int status = wait_for(child);
  std::printf("after: %d\n", perform(call));
  return status;
}

/// The child counts in its parent's memory.
int vfork_and_exit() {
  volatile int returns = 0;
  int status = 0;
  for (int call = 0; call < 3; ++call) {
    const pid_t child = vfork();  // NOLINT(clang-analyzer-security.insecureAPI.vfork): is tested
    returns = returns + 1;        // NOLINT(clang-analyzer-unix.Vfork): so is this
    if (child == 0) {
      _exit(4);
    }
    status = child > 0 ? wait_for(child) : errno;
  }
  std::printf("%d returns, %d\n", returns, status);
  return status;
}

int spawn_and_call() {
  call_before();
  std::string name = "spawned";
  std::string scenario = executed_scenario;
  char* arguments[] = {name.data(), scenario.data(), nullptr};
  pid_t child = 0;
  const int error = posix_spawn(&child, own_path(), nullptr, nullptr, &arguments[0], environ);
  const int status = wait_for(child);
  std::printf("posix_spawn: %d\n", error);
  return status;
}

int call_by_system() {
  call_before();
  const int status = system((std::string(own_path()) + ' ' + executed_scenario).c_str());
  return WEXITSTATUS(status);
}

int call_by_popen() {
  call_before();
  FILE* const pipe = popen((std::string(own_path()) + ' ' + executed_scenario).c_str(), "r");
  char line[64] = {};
  if (pipe == nullptr || std::fgets(&line[0], sizeof line, pipe) == nullptr) {
    return 99;
  }
  std::printf("read: %s", &line[0]);
  return WEXITSTATUS(pclose(pipe));
}

}  // namespace heddle::tests
