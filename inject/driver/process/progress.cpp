#include "process/progress.h"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "process/leftovers.h"

namespace heddle::inject {
namespace {

/// The letter after the name, which may itself hold spaces and parentheses.
char state_of(const std::filesystem::path& task) {
  std::ifstream file(task / "stat");
  std::string text;
  std::getline(file, text);
  const std::size_t end = text.rfind(')');
  return end != std::string::npos && end + 2 < text.size() ? text[end + 2] : 'X';
}

/// Without scheduler statistics in the kernel, the switches in `status` tell as well.
std::string run_time_of(const std::filesystem::path& task) {
  std::string text;
  if (std::ifstream file(task / "schedstat"); std::getline(file, text)) {
    return text;
  }
  std::ifstream status(task / "status");
  std::string switches;
  while (std::getline(status, text)) {
    if (text.find("ctxt_switches") != std::string::npos) {
      switches += text;
    }
  }
  return switches;
}

}  // namespace

ProgressLook ProgressLook::at(pid_t process) {
  ProgressLook look;
  for (const pid_t member : process_tree(process)) {
    std::error_code error;
    const std::filesystem::path tasks = fmt::format("/proc/{}/task", member);
    for (auto task = std::filesystem::directory_iterator(tasks, error);
         !error && task != std::filesystem::directory_iterator(); task.increment(error)) {
      const pid_t thread = static_cast<pid_t>(std::stoi(task->path().filename().string()));
      look.threads_[thread] = {state_of(task->path()) == 'R', run_time_of(task->path())};
    }
  }
  return look;
}

bool ProgressLook::blocked_since(const ProgressLook& earlier) const {
  return threads_ == earlier.threads_ &&
         std::ranges::none_of(threads_, [](const auto& entry) { return entry.second.runnable; });
}

}  // namespace heddle::inject
