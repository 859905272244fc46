#include "tool.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>
#include <process/proc_files.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>

namespace heddle::inject::bench {
namespace {

[[noreturn]] void execute(const Command& command, int output) {
  dup2(output, STDOUT_FILENO);
  dup2(open("/dev/null", O_WRONLY | O_CLOEXEC), STDERR_FILENO);
  std::vector<char*> arguments;
  arguments.reserve(command.size() + 1);
  for (const std::string& argument : command) {
    arguments.push_back(const_cast<char*>(argument.c_str()));
  }
  arguments.push_back(nullptr);
  execvp(arguments[0], arguments.data());
  _exit(127);
}

/// Returns a field of /proc/PID/status; empty when the process has ended.
std::string status_of(pid_t process, const std::string& field) {
  return field_of(text_of_file(fmt::format("/proc/{}/status", process)), field);
}

/// Notes the memory peaks of the process and of its descendants with the name, each once.
void look_at(pid_t process, const std::string& name, std::map<pid_t, long>& peaks_kib) {
  if (status_of(process, "Name") != name) {
    return;
  }
  peaks_kib[process] = std::max(peaks_kib[process], std::atol(status_of(process, "VmHWM").c_str()));
  std::ifstream children(fmt::format("/proc/{0}/task/{0}/children", process));
  for (pid_t child = 0; children >> child;) {
    look_at(child, name, peaks_kib);
  }
}

}  // namespace

Command joined(Command first, const Command& rest) {
  first.insert(first.end(), rest.begin(), rest.end());
  return first;
}

bool is_installed(const std::string& program) {
  std::istringstream path(std::getenv("PATH") != nullptr ? std::getenv("PATH") : "");
  for (std::string folder; std::getline(path, folder, ':');) {
    if (access((folder + '/' + program).c_str(), X_OK) == 0) {
      return true;
    }
  }
  return false;
}

ToolRun run(const Command& command, bool watches_memory) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) {
    std::perror("inject_bench: pipe2");
    std::exit(1);
  }
  const auto start = std::chrono::steady_clock::now();
  const pid_t child = fork();
  if (child == 0) {
    execute(command, ends[1]);
  }
  close(ends[1]);
  ToolRun result{};
  std::map<pid_t, long> peaks_kib;
  const std::string name = command[0].substr(command[0].rfind('/') + 1).substr(0, 15);
  pollfd readable{ends[0], POLLIN, 0};
  for (std::array<char, 4096> part{};;) {
    if (poll(&readable, 1, watches_memory ? 100 : -1) == 0) {
      look_at(child, name, peaks_kib);
      continue;
    }
    const ssize_t size = read(ends[0], part.data(), part.size());
    if (size <= 0) {
      break;
    }
    result.output.append(part.data(), static_cast<std::size_t>(size));
  }
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - start;
  result.seconds = spent.count();
  result.status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  for (const auto& [process, peak_kib] : peaks_kib) {
    result.tree_memory_kib += peak_kib;
  }
  return result;
}

std::vector<double> numbers_of(const Command& command) {
  const ToolRun seen = run(command);
  std::istringstream words(seen.output);
  std::vector<double> numbers;
  for (double number = 0; words >> number;) {
    numbers.push_back(number);
  }
  if (seen.status != 0 || numbers.empty()) {
    fmt::print(stderr, "inject_bench: {} ... ended with {} and printed '{}'\n", command[0],
               seen.status, seen.output);
    std::exit(1);
  }
  return numbers;
}

}  // namespace heddle::inject::bench
