#include "campaign/target.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <heddle/inject_control.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "campaign/memory_reports.hpp"
#include "memory/leak_report.hpp"
#include "memory/memcheck_report.hpp"
#include "memory/own_sanitizer.hpp"
#include "plan/system_error.hpp"
#include "process/inherited_state.hpp"
#include "program/preload.hpp"

namespace heddle::inject {
namespace {

std::vector<char*> pointers_to(const std::vector<std::string>& strings) {
  std::vector<char*> pointers;
  pointers.reserve(strings.size() + 1);
  for (const std::string& string : strings) {
    pointers.push_back(const_cast<char*>(string.c_str()));
  }
  pointers.push_back(nullptr);
  return pointers;
}

/// Sets up, in the new process, what the program shall find. False, with errno, on failure.
bool settle(const StartRequest& request) {
  // A session of its own has no terminal: hundreds of runs must neither ask for a password there
  // nor be stopped for reading from it. This cannot fail, since a new child leads no group.
  setsid();
  restore_inherited_state();
  // Most systems have this limit anyway; lowering one is always allowed.
  constexpr rlimit no_core{0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
  char released = 0;
  if (request.await >= 0 && read(request.await, &released, 1) != 1) {
    return false;
  }
  return (request.folder.empty() || chdir(request.folder.c_str()) == 0) &&
         dup2(request.input, STDIN_FILENO) >= 0 && dup2(request.output, STDOUT_FILENO) >= 0 &&
         dup2(request.errors, STDERR_FILENO) >= 0 &&
         (request.inherited < 0 || fcntl(request.inherited, F_SETFD, 0) == 0);
}

/// Forks, lets the child `become` the program, and waits for success, which closes a pipe, or for
/// the errno that comes through it.
template <typename Become>
tl::expected<pid_t, std::string> start(const std::string& name, const StartRequest& request,
                                       Become become) {
  const auto failure = [&](const char* call, int error) {
    return tl::unexpected(
        fmt::format("cannot run {}: {}: {}", name, call, describe_system_error(error)));
  };
  std::array<int, 2> error_pipe{};
  if (pipe2(error_pipe.data(), O_CLOEXEC) != 0) {
    return failure("pipe2", errno);
  }
  const pid_t child = fork();
  if (child == 0) {
    if (settle(request)) {
      become();
    }
    const int error = errno;
    // Cannot block, since a pipe has room for four bytes; without a reader nobody wants to know.
    static_cast<void>(!write(error_pipe[1], &error, sizeof error));
    _exit(125);
  }
  const int fork_error = errno;
  close(error_pipe[1]);
  int error = 0;
  ssize_t count = 0;
  // A process that waits for its release cannot tell yet.
  if (child > 0 && request.await < 0) {
    do {
      count = read(error_pipe[0], &error, sizeof error);
    } while (count < 0 && errno == EINTR);
  }
  close(error_pipe[0]);
  if (child < 0) {
    return failure("fork", fork_error);
  }
  if (count == sizeof error) {
    waitpid(child, nullptr, 0);
    return failure("exec", error);
  }
  return child;
}

}  // namespace

tl::expected<pid_t, std::string> start_process(const Target& target, const StartRequest& request) {
  std::vector<std::string> words = request.launcher;
  if (words.empty()) {
    words = target.arguments;
  } else {
    words.push_back(target.program);  // the name that the program is called by is lost
    words.insert(words.end(), target.arguments.begin() + 1, target.arguments.end());
  }
  const std::vector<char*> arguments = pointers_to(words);
  const std::string& program = request.launcher.empty() ? target.program : words.front();
  return start(target.program, request, [&] {
    const bool plain = target.preload.empty();
    if (plain ? unsetenv(HEDDLE_INJECT_ENVIRONMENT) == 0
              : set_preload(target.preload) &&
                    (request.leak_options.empty() ||
                     setenv("LSAN_OPTIONS", request.leak_options.c_str(), 1) == 0) &&
                    setenv(HEDDLE_INJECT_ENVIRONMENT, request.plan_path.c_str(), 1) == 0) {
      execv(program.c_str(), arguments.data());
    }
  });
}

namespace {

/// Finds the checker; returns the library to be preloaded behind the shim, if it is one.
tl::expected<std::string, std::string> find_checker(Target& target) {
  const std::string& check = target.options.check;
  if (check.empty()) {
    return {};
  }
  if (const std::string own = own_sanitizer(target.program); !own.empty()) {
    target.no_checker = fmt::format("the program has {}, which takes its place", own);
    return {};
  }
  if (check == check_leaks) {
    return find_leak_checker();
  }
  return find_valgrind().map([&](std::string found) {
    target.valgrind = std::move(found);
    return std::string();
  });
}

}  // namespace

tl::expected<void, std::string> equip(Target& target) {
  auto preload = find_checker(target).and_then(
      [](const std::string& library) { return preload_of_program(library); });
  if (!preload) {
    return tl::unexpected(preload.error());
  }
  target.preload = std::move(*preload);
  return {};
}

tl::expected<pid_t, std::string> start_shell(const std::string& command,
                                             const StartRequest& request) {
  return start("sh", request,
               [&] { execl("/bin/sh", "sh", "-c", command.c_str(), static_cast<char*>(nullptr)); });
}

}  // namespace heddle::inject
