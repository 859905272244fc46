#include <fmt/format.h>
#include <sys/syscall.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <system_error>

#include "runner/template_client.hpp"

namespace heddle::conformance {
namespace {

std::string first_line(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

// proc(5): "running", or the number of the system call that the thread is in, and its arguments.
std::string activity(const std::string& line) {
  static const std::map<long, std::string> names = {{SYS_futex, "futex"},
                                                    {SYS_nanosleep, "nanosleep"},
                                                    {SYS_clock_nanosleep, "clock_nanosleep"},
                                                    {SYS_rt_sigtimedwait, "rt_sigtimedwait"},
                                                    {SYS_pause, "pause"},
                                                    {SYS_read, "read"},
                                                    {SYS_wait4, "wait4"},
                                                    {SYS_poll, "poll"}};
  if (line.empty() || line.starts_with("running")) {
    return std::string(activity_running);
  }
  const long number = std::strtol(line.c_str(), nullptr, 10);
  const auto name = names.find(number);
  return "blocked in " +
         (name != names.end() ? name->second : fmt::format("system call {}", number));
}

}  // namespace

std::vector<std::string> threads_of_process(pid_t process) {
  std::vector<std::string> lines;
  std::error_code error;
  const auto folder = fmt::format("/proc/{}/task", process);
  for (const auto& task : std::filesystem::directory_iterator(folder, error)) {
    lines.push_back(fmt::format("thread {} ({}) {}", task.path().filename().string(),
                                first_line(task.path() / "comm"),
                                activity(first_line(task.path() / "syscall"))));
  }
  return lines;
}

}  // namespace heddle::conformance
