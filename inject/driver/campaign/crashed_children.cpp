#include "campaign/crashed_children.hpp"

#include <sys/wait.h>

#include <cstdint>
#include <cstring>
#include <string_view>

namespace heddle::inject {
namespace {

/// Returns the text in a field. A process may have died while it wrote: the end of the field then
/// ends the text.
template <std::size_t Size>
std::string_view text_in(const char (&field)[Size]) {
  return {&field[0], strnlen(&field[0], Size)};
}

std::string name_of(pid_t process, const heddle_inject_record& record, const std::string& program) {
  std::string name = "a child";
  const heddle_inject_process& slot =
      record.processes[static_cast<unsigned>(process) % HEDDLE_INJECT_PROCESS_SLOTS];
  if (process <= 0 || slot.process != process) {
    return name;
  }
  const bool is_other_program = text_in(slot.exe) != program;
  const std::string_view path = text_in(slot.thread_path);
  if (is_other_program || !path.empty()) {
    name += ',';
  }
  if (is_other_program) {
    name.append(" ").append(text_in(slot.exe));
  }
  if (!path.empty()) {
    name.append(" #").append(path);
  }
  return name;
}

}  // namespace

std::vector<CrashedChild> crashed_children(const heddle_inject_record& record,
                                           const std::vector<EndedProcess>& orphans,
                                           const std::string& program) {
  std::vector<CrashedChild> crashed;
  for (const heddle_inject_crash& crash : record.crashes) {
    if (crash.signal != 0) {
      crashed.push_back({crash.signal, name_of(crash.process, record, program)});
    }
  }
  for (const EndedProcess& orphan : orphans) {
    if (WIFSIGNALED(orphan.wait_status) &&
        heddle_inject_stands_for_mistake(WTERMSIG(orphan.wait_status)) != 0) {
      crashed.push_back({WTERMSIG(orphan.wait_status), name_of(orphan.process, record, program)});
    }
  }
  // Crashes that found no room are reported like the last one that did; only their number counts.
  for (std::uint64_t lost = 0; lost < record.lost_crashes && !crashed.empty(); ++lost) {
    crashed.push_back(crashed.front());
  }
  return crashed;
}

}  // namespace heddle::inject
