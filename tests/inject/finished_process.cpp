#include "finished_process.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <stdexcept>

namespace heddle::tests {
namespace {

/// Memory instead of a pipe: it cannot fill up, so nobody has to read while the command runs. What
/// is written goes to its end: unlike a file's, its offset is not locked while two processes write.
int capture() {
  const int descriptor = memfd_create("captured", MFD_CLOEXEC);
  if (descriptor < 0 || fcntl(descriptor, F_SETFL, O_APPEND) != 0) {
    throw std::runtime_error("memfd_create failed");
  }
  return descriptor;
}

std::string take(int descriptor) {
  std::string text;
  std::array<char, 4096> part{};
  lseek(descriptor, 0, SEEK_SET);
  for (ssize_t count = 0; (count = read(descriptor, part.data(), part.size())) > 0;) {
    text.append(part.data(), static_cast<std::size_t>(count));
  }
  close(descriptor);
  return text;
}

[[noreturn]] void execute(const std::vector<std::string>& command, const Environment& added,
                          int output, int errors) {
  std::vector<char*> arguments;
  arguments.reserve(command.size() + 1);
  for (const std::string& argument : command) {
    arguments.push_back(const_cast<char*>(argument.c_str()));
  }
  arguments.push_back(nullptr);
  for (const auto& [name, value] : added) {
    setenv(name.c_str(), value.c_str(), 1);
  }
  dup2(output, STDOUT_FILENO);
  dup2(errors, STDERR_FILENO);
  execvp(arguments[0], arguments.data());
  _exit(127);
}

}  // namespace

FinishedProcess run(const std::vector<std::string>& command, const Environment& added) {
  const int output = capture();
  const int errors = capture();
  const pid_t child = fork();
  if (child < 0) {
    throw std::runtime_error("fork failed");
  }
  if (child == 0) {
    execute(command, added, output, errors);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return {WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status), take(output),
          take(errors)};
}

FinishedProcess run_with_plan(const std::vector<std::string>& expressions,
                              const std::vector<std::string>& command) {
  std::vector<std::string> whole{HEDDLE_INJECT_PROGRAM, "run"};
  for (const std::string& expression : expressions) {
    whole.insert(whole.end(), {"-e", expression});
  }
  whole.emplace_back("--");
  whole.insert(whole.end(), command.begin(), command.end());
  return run(whole);
}

}  // namespace heddle::tests
