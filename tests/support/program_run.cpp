#include "support/program_run.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <system_error>

namespace heddle::tests {
namespace {

// A file in memory, so that a program can print as much as it likes while nobody reads; at its end,
// so that the writes of two processes do not meet.
int capture() {
  const int file = ::memfd_create("capture", MFD_CLOEXEC);
  if (file < 0 || ::fcntl(file, F_SETFL, O_APPEND) != 0) {
    throw std::system_error(errno, std::generic_category(), "memfd_create");
  }
  return file;
}

std::string captured(int file) {
  std::string text(static_cast<std::size_t>(::lseek(file, 0, SEEK_END)), '\0');
  const ssize_t got = ::pread(file, text.data(), text.size(), 0);
  text.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
  ::close(file);
  return text;
}

}  // namespace

StartedProgram::StartedProgram(const std::vector<std::string>& arguments,
                               const std::function<void()>& prepare)
    : output_(capture()), error_(capture()) {
  std::vector<char*> argv;
  for (const std::string& argument : arguments) {
    argv.push_back(const_cast<char*>(argument.c_str()));
  }
  argv.push_back(nullptr);
  process_ = ::fork();
  if (process_ < 0) {
    throw std::system_error(errno, std::generic_category(), "fork");
  }
  if (process_ == 0) {
    const int null = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    ::dup2(null, STDIN_FILENO);
    ::dup2(output_, STDOUT_FILENO);
    ::dup2(error_, STDERR_FILENO);
    prepare();
    ::execvp(argv[0], argv.data());
    ::_exit(127);
  }
}

StartedProgram::~StartedProgram() {
  if (process_ > 0) {
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
    ::close(output_);
    ::close(error_);
  }
}

ProgramRun StartedProgram::finish() {
  int status = 0;
  while (::waitpid(process_, &status, 0) < 0) {
    if (errno != EINTR) {
      throw std::system_error(errno, std::generic_category(), "waitpid");
    }
  }
  process_ = -1;
  return {.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
          .standard_output = captured(output_),
          .standard_error = captured(error_)};
}

ProgramRun run_program(const std::vector<std::string>& arguments,
                       const std::function<void()>& prepare) {
  return StartedProgram(arguments, prepare).finish();
}

}  // namespace heddle::tests
