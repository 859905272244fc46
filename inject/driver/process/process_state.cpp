#include "process/process_state.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <system_error>

namespace heddle::inject {
namespace {

// PF_EXITING of the kernel's internal <linux/sched.h>: set before any descriptor is closed.
constexpr unsigned long flag_exiting = 0x4;

// proc(5): number (name) state parent group session terminal terminal's-group flags ...
std::optional<ProcessState> parse(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  const std::size_t name_end = line.rfind(')');  // the last one: a name may have parentheses
  if (name_end == line.npos) {
    return std::nullopt;
  }
  std::istringstream fields(line.substr(name_end + 1));
  ProcessState state;
  int skipped = 0;
  unsigned long flags = 0;
  fields >> state.state >> state.parent >> skipped >> skipped >> skipped >> skipped >> flags;
  state.exiting = (flags & flag_exiting) != 0;
  return fields ? std::optional(state) : std::nullopt;
}

}  // namespace

std::optional<ProcessState> state_of(pid_t process) {
  return parse(fmt::format("/proc/{}/stat", process));
}

bool is_ending(pid_t process) {
  const auto state = state_of(process);
  return !state || state->exiting;
}

bool has_exited(pid_t process) {
  std::error_code error;
  auto task = std::filesystem::directory_iterator(fmt::format("/proc/{}/task", process), error);
  // A thread that vanishes meanwhile has exited as well.
  for (; !error && task != std::filesystem::directory_iterator(); task.increment(error)) {
    if (const auto state = parse(task->path() / "stat"); state && !state->exiting) {
      return false;
    }
  }
  return true;
}

std::uint64_t resident_memory(pid_t process) {
  std::ifstream file(fmt::format("/proc/{}/statm", process));
  std::uint64_t size = 0;
  std::uint64_t resident = 0;
  file >> size >> resident;
  return resident * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

}  // namespace heddle::inject
