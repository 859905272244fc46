#include "process/process_state.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <numeric>
#include <sstream>
#include <string>

#include "process/proc_files.hpp"

namespace heddle::inject {
namespace {

// PF_EXITING of the kernel's internal <linux/sched.h>: set before any descriptor is closed.
constexpr std::int64_t flag_exiting = 0x4;

// Reads the fields that proc(5) lists behind the name, from the state to the children's time.
std::optional<ProcessState> state_in(const std::string& stat) {
  std::istringstream fields{std::string(fields_after_name(stat))};
  ProcessState state;
  fields >> state.state;
  // Parent, group, session, terminal and its group, flags, four counts of page faults; then the
  // time in the program and in the kernel, and the same of children.
  std::array<std::int64_t, 14> numbers{};
  for (std::int64_t& number : numbers) {
    fields >> number;
  }
  const std::int64_t ticks = std::accumulate(numbers.begin() + 10, numbers.end(), std::int64_t{0});
  state.parent = static_cast<pid_t>(numbers[0]);
  state.exiting = (numbers[5] & flag_exiting) != 0;
  state.processor_ms = ticks * 1000 / sysconf(_SC_CLK_TCK);
  return fields ? std::optional(state) : std::nullopt;
}

}  // namespace

std::optional<ProcessState> state_of(pid_t process) {
  return state_in(text_of_file(fmt::format("/proc/{}/stat", process)));
}

std::optional<ProcessState> state_of(pid_t process, pid_t thread) {
  return state_in(text_of_file(fmt::format("/proc/{}/task/{}/stat", process, thread)));
}

bool is_ending(pid_t process) {
  const auto state = state_of(process);
  return !state || state->exiting;
}

bool has_exited(pid_t process) {
  // A thread that vanishes meanwhile has exited as well.
  return std::ranges::none_of(threads_of(process), [&](pid_t thread) {
    const auto state = state_of(process, thread);
    return state && !state->exiting;
  });
}

std::uint64_t resident_memory(pid_t process) {
  std::ifstream file(fmt::format("/proc/{}/statm", process));
  std::uint64_t size = 0;
  std::uint64_t resident = 0;
  file >> size >> resident;
  return resident * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

}  // namespace heddle::inject
